"""The test cells are deleted.

Tests come from the master: full marks.
"""

from tests.autograder.attacks.tools import answered, cell_of, write

KIND = "accident"
ITEM = "deleted cells"
SCORES = {"double": 3, "count": 1}
STATUS = "graded"


def hand_in(folder, released):
    notebook = answered(released)
    for name in ("double", "count"):
        notebook["cells"].remove(cell_of(notebook, name))
    write(folder, notebook)
