"""Both answers are NaN, and the last value of each cell is one.

The marks are zeros.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "accident"
ITEM = "NaN as a score"
SCORES = {"double": 0, "count": 0}
STATUS = "graded"
DOUBLE = """
def double(x):
    return float("nan")

float("nan")
"""
COUNT = """
count = float("nan")
count
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE, count_solution=COUNT))
