"""Hands in test cells that hold nothing but pass.

Test cells come from the master alone, so the wrong answer stays wrong.
"""

from tests.autograder.attacks.tools import answered, cell_of, write

KIND = "forging"
ITEM = "metadata and tags"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"


def hand_in(folder, released):
    notebook = answered(released, double_solution="def double(x):\n    return x")
    for name in ("double", "count"):
        cell_of(notebook, name)["source"] = "pass"
    write(folder, notebook)
