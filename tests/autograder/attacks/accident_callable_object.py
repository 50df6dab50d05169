"""The answer is an object that can be called, from a class of the student's.

It answers as a function does: full marks.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "accident"
ITEM = "everyday mistakes"
SCORES = {"double": 3, "count": 1}
STATUS = "graded"
DOUBLE = """
class Times:
    def __init__(self, factor):
        self.factor = factor
    def __call__(self, x):
        return self.factor * x

double = Times(2)
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
