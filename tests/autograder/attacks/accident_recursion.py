"""The answer calls itself without end.

It is an error like any other.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "accident"
ITEM = "crash of the interpreter"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = """
def double(x):
    return double(x) + double(x)
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
