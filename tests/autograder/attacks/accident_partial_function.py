"""The answer is a partial application of a function of NumPy.

It answers as a function does: full marks.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "accident"
ITEM = "everyday mistakes"
SCORES = {"double": 3, "count": 1}
STATUS = "graded"
DOUBLE = """
from functools import partial
import numpy as np

double = partial(np.multiply, 2)
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
