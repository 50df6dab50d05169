"""The answer never returns: the loop's counter does not move.

This question is lost, the other one keeps its point.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "accident"
ITEM = "endless loops in Python and in C"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = """
def double(x):
    row = 0
    while row < len(x):
        x[row] *= 2
    return x
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
