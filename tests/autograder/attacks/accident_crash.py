"""The interpreter crashes inside the call.

This question is lost, the other one keeps its point.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "accident"
ITEM = "crash of the interpreter"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = """
import ctypes

def double(x):
    return ctypes.string_at(0)
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
