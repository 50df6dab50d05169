"""The answer's cell has lost its grade_id, as after a copy between notebooks.

It is the student's own cell then: the answer may count; the other question keeps its point.
"""

from tests.autograder.attacks.tools import answered, cell_of, write

KIND = "accident"
ITEM = "renamed cells"
SCORES = {"double": {0, 3}, "count": 1}
STATUS = None


def hand_in(folder, released):
    notebook = answered(released)
    cell_of(notebook, "double_solution")["metadata"] = {}
    write(folder, notebook)
