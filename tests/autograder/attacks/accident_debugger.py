"""A breakpoint() is left in the answer.

There is nobody to answer: that question is lost.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "accident"
ITEM = "input()"
SCORES = {"double": {0, 3}, "count": 1}
STATUS = "graded"
DOUBLE = """
def double(x):
    breakpoint()
    return 2 * x
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
