"""The cell ends with exit(), left over from a script.

Either is fair: the answer above it counts, or that question is lost; the other keeps its point.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "accident"
ITEM = "crash of the interpreter"
SCORES = {"double": {0, 3}, "count": 1}
STATUS = None
DOUBLE = """
def double(x):
    return 2 * x

exit()
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
