"""The answer sums a range of 10¹⁵ numbers, in C.

C code that never looks up is ended all the same.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "accident"
ITEM = "endless loops in Python and in C"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = """
def double(x):
    return sum(range(10**15))
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
