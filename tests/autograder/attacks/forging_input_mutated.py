"""Zeroes its argument, so that the expected value may be computed from zeros.

The function gets a copy.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "forging"
ITEM = "patched test tools and reference code"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = """
def double(x):
    x[...] = 0
    return x
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
