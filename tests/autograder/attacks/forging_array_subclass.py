"""Returns an array of a subclass whose comparisons always agree.

A subclass of an array is no array, and none of its methods runs beside the tests.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "forging"
ITEM = "equal-to-everything objects"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = """
import numpy as np

class Close(np.ndarray):
    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        return np.zeros(self.shape, bool)
    def __array_function__(self, function, types, args, kwargs):
        return np.ones(self.shape, bool)
    def __eq__(self, other):
        return np.ones(self.shape, bool)

def double(x):
    return x.view(Close)
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
