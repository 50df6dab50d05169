"""The answer multiplies matrices of far too many rows.

The limit on memory or on time ends it.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "accident"
ITEM = "endless loops in Python and in C"
SCORES = {"double": 0, "count": 1}
STATUS = None
DOUBLE = """
import numpy as np

def double(x):
    big = np.ones((6000, 6000))
    while True:
        big = big @ big / 6000
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
