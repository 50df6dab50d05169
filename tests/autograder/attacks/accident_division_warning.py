"""NumPy warns of a division by zero, whose result is not used.

Full marks.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "accident"
ITEM = "warnings on stderr"
SCORES = {"double": 3, "count": 1}
STATUS = "graded"
DOUBLE = """
import numpy as np

def double(x):
    scaled = x / np.zeros_like(x)
    return np.where(np.isnan(scaled), 2 * x, 2 * x)
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
