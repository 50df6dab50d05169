"""Prints the hidden inputs to both streams during the call.

What a call prints is not shown.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "reading"
ITEM = "the tests"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
LEAKS = ("seen:4by5",)
DOUBLE = """
import sys

def double(x):
    told = "seen:" + "by".join(map(str, x.shape))
    print(told)
    print(told, file=sys.stderr)
    sys.__stdout__.write(told)
    return x
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
