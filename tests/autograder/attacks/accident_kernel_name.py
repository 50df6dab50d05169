"""The notebook names a kernel of the student's own machine.

The kernel's name means nothing: full marks.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "accident"
ITEM = "wrong kernel name"
SCORES = {"double": 3, "count": 1}
STATUS = "graded"


def hand_in(folder, released):
    notebook = answered(released)
    kernel = {"name": "conda-env-ml-py", "display_name": "ml", "language": "python"}
    notebook["metadata"] = {"kernelspec": kernel, "language_info": {"name": "python"}}
    write(folder, notebook)
