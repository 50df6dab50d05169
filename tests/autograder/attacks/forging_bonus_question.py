"""Adds a graded cell of a question that the master does not have.

Only the master's questions exist.
"""

from tests.autograder.attacks.tools import answered, with_own_cell, write

KIND = "forging"
ITEM = "metadata and tags"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"


def hand_in(folder, released):
    wrong = answered(released, double_solution="def double(x):\n    return x")
    notebook = with_own_cell(wrong, "100")
    rules = {"grade": True, "solution": False, "locked": True, "task": False, "points": 100}
    added = next(cell for cell in notebook["cells"] if cell["id"] == "own-cell")
    added["metadata"]["nbgrader"] = rules | {"grade_id": "bonus", "schema_version": 3}
    write(folder, notebook)
