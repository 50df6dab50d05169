"""The answer yields its rows instead of returning them.

A generator is no array: that question is lost.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "accident"
ITEM = "everyday mistakes"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = """
def double(x):
    for row in x:
        yield 2 * row
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
