"""The notebook says that it is written in R.

The language that it names means nothing: full marks.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "accident"
ITEM = "wrong kernel name"
SCORES = {"double": 3, "count": 1}
STATUS = "graded"


def hand_in(folder, released):
    notebook = answered(released)
    kernel = {"name": "ir", "display_name": "R", "language": "R"}
    notebook["metadata"] = {"kernelspec": kernel, "language_info": {"name": "R"}}
    write(folder, notebook)
