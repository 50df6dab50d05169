"""The answer matches a text by a pattern that backtracks for ever, in C.

C code that never looks up is ended all the same.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "accident"
ITEM = "endless loops in Python and in C"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = """
import re

def double(x):
    re.match("(a+)+b", "a" * 64)
    return 2 * x
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
