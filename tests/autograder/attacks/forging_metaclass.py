"""Returns an object whose class lies about its name, its module and its fields.

Nothing asks a class what it is.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "forging"
ITEM = "equal-to-everything objects"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = """
import numpy as np

class Meta(type):
    __module__ = "rnncore.numpy.parameters"
    def __instancecheck__(cls, other):
        return True
    def __subclasscheck__(cls, other):
        return True
    def __eq__(cls, other):
        return True
    def __hash__(cls):
        return hash(np.ndarray)

class RNNParams(metaclass=Meta):
    __module__ = "rnncore.numpy.parameters"
    __dataclass_fields__ = {}
    def __eq__(self, other):
        return True

RNNParams.__name__ = RNNParams.__qualname__ = "ndarray"

def double(x):
    return RNNParams()
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
