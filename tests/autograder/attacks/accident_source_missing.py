"""One answer's source is a number, and another cell has none.

That answer is lost, or a person looks.
"""

from tests.autograder.attacks.tools import LOST, answered, cell_of, write

KIND = "accident"
ITEM = "old or future schema"
SCORES = {"double": LOST, "count": {0, 1, None}}
STATUS = None


def hand_in(folder, released):
    notebook = answered(released)
    cell_of(notebook, "double_solution")["source"] = 6
    cell_of(notebook, "show")["source"] = None
    write(folder, notebook)
