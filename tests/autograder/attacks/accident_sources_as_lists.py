"""Sources are lists of lines, as Jupyter itself writes them.

Full marks.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "accident"
ITEM = "old or future schema"
SCORES = {"double": 3, "count": 1}
STATUS = "graded"


def hand_in(folder, released):
    notebook = answered(released)
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"]).splitlines(keepends=True)
    write(folder, notebook)
