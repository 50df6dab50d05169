"""Turns the answer into a cell that a person marks.

Which cells a person marks stands in the master.
"""

from tests.autograder.attacks.tools import answered, cell_of, write

KIND = "forging"
ITEM = "metadata and tags"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"


def hand_in(folder, released):
    notebook = answered(released, double_solution="3.0")
    rules = {"grade": True, "solution": True, "locked": False, "points": 3}
    cell_of(notebook, "double_solution")["metadata"]["nbgrader"] |= rules
    cell_of(notebook, "double")["metadata"]["nbgrader"] |= rules
    write(folder, notebook)
