"""The cell of one answer is deleted.

That question has no answer; the other one has its point.
"""

from tests.autograder.attacks.tools import answered, cell_of, write

KIND = "accident"
ITEM = "deleted cells"
SCORES = {"double": 0, "count": 1}
STATUS = None


def hand_in(folder, released):
    notebook = answered(released)
    notebook["cells"].remove(cell_of(notebook, "double_solution"))
    write(folder, notebook)
