"""The cell of the answer never ends.

This question is lost, the other one keeps its point.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "accident"
ITEM = "endless loops in Python and in C"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = """
step = 0
while step >= 0:
    step += 1

def double(x):
    return 2 * x
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
