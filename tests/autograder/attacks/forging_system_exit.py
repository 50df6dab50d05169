"""Leaves the call, and a cell, by SystemExit(0).

It is an error like any other: the question is lost.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "forging"
ITEM = "forged replies"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = """
def double(x):
    raise SystemExit(0)
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
