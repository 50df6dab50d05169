"""Makes check return 3, which nbgrader takes for the score of the cell.

The test's own check is out of reach.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "forging"
ITEM = "display hooks"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = """
def double(x):
    return x


def check(*args, **kwargs):
    return 3.0
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
