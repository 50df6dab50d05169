"""Swaps the grade_id of the answer and of its test.

The test is the master's; what stands under the answer's grade_id runs as an answer.
"""

from tests.autograder.attacks.tools import answered, cell_of, write

KIND = "forging"
ITEM = "metadata and tags"
SCORES = {"double": 0, "count": 1}
STATUS = None


def hand_in(folder, released):
    notebook = answered(released, double_solution="def double(x):\n    return x")
    answer, test = cell_of(notebook, "double_solution"), cell_of(notebook, "double")
    answer["metadata"]["nbgrader"]["grade_id"] = "double"
    test["metadata"]["nbgrader"]["grade_id"] = "double_solution"
    write(folder, notebook)
