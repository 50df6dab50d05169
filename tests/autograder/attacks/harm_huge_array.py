"""Returns an array of a few bytes that claims the shape of a terabyte.

The product of the dimensions is bounded before anything is allocated.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "harm"
ITEM = "memory"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = """
import numpy as np

def double(x):
    return np.broadcast_to(np.float64(0), (2**20, 2**17))
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
