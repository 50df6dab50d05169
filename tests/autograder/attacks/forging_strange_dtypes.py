"""Returns arrays of structured, text, time and long double types.

Only numeric arrays of listed types cross.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "forging"
ITEM = "forged replies"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = """
import numpy as np

def double(x):
    return [
        np.zeros(x.shape, dtype=[("a", "f8"), ("b", "O")]),
        np.full(x.shape, "6"),
        np.zeros(x.shape, dtype="M8[ns]"),
        np.zeros(x.shape, dtype=np.longdouble),
        np.zeros(x.shape, dtype="V8"),
        np.zeros((0, 2**40)),
    ]
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
