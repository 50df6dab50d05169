"""The answer is a masked array.

It is no array of the exact type: that question is lost.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "accident"
ITEM = "everyday mistakes"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = """
import numpy as np

def double(x):
    return np.ma.masked_array(2 * x, mask=False)
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
