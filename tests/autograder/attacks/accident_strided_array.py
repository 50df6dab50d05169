"""The answer is a transposed and reversed view.

Strides are free: full marks.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "accident"
ITEM = "everyday mistakes"
SCORES = {"double": 3, "count": 1}
STATUS = "graded"
DOUBLE = """
import numpy as np

def double(x):
    return np.asfortranarray(2 * x[::-1])[::-1]
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
