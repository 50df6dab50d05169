"""One answer has a syntax error.

That question is lost, the other keeps its point.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "accident"
ITEM = "everyday mistakes"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = """
def double(x)
    return 2 * x
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
