"""The cell computes a power whose digits fill the memory.

C code that never looks up is ended all the same.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "accident"
ITEM = "endless loops in Python and in C"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = """
def double(x):
    return 10 ** 10 ** 9
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
