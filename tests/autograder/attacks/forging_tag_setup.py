"""Tags a cell of their own as set-up, so that it may run beside the tests.

Tags of a submission are dropped: the cell runs as any cell of a student's.
"""

from tests.autograder.attacks.tools import answered, with_own_cell, write

KIND = "forging"
ITEM = "metadata and tags"
SCORES = {"double": 0, "count": 1}
STATUS = None
OWN = """
import rnncore.checking
import rnncore.checking.comparing

def check(*args, **kwargs):
    return None

rnncore.checking.check = rnncore.checking.comparing.check = check
"""


def hand_in(folder, released):
    wrong = answered(released, double_solution="def double(x):\n    return x")
    notebook = with_own_cell(wrong, OWN, tags=["setup", "given"])
    rules = {"grade": False, "solution": False, "locked": True, "task": False}
    added = next(cell for cell in notebook["cells"] if cell["id"] == "own-cell")
    added["metadata"]["nbgrader"] = rules | {"grade_id": "setup", "schema_version": 3}
    write(folder, notebook)
