"""The answer calls itself without end, with the limit of Python lifted.

The crash costs this question.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "accident"
ITEM = "crash of the interpreter"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = """
import sys

sys.setrecursionlimit(10**9)

class Deep:
    def __repr__(self):
        return repr([self])

def double(x):
    repr(Deep())
    return double(x)
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
