"""Returns an array of objects, each of which equals everything.

Only numeric arrays cross.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "forging"
ITEM = "equal-to-everything objects"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = """
class Equal:
    def __eq__(self, other):
        return True
    def __ne__(self, other):
        return False
    def __hash__(self):
        return 0
    def __getattr__(self, name):
        return self
    def __call__(self, *args, **kwargs):
        return self
    def __bool__(self):
        return True
    def __abs__(self):
        return self
    __lt__ = __le__ = __gt__ = __ge__ = __eq__
    __sub__ = __rsub__ = __add__ = __mul__ = __and__ = __call__


import numpy as np

def double(x):
    return np.array([[Equal()] * x.shape[1]] * x.shape[0], dtype=object)
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
