"""Returns an object that claims to be an array and shows another one each time.

Nothing asks an object what it is.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "forging"
ITEM = "equal-to-everything objects"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = """
import numpy as np

class Liar:
    dtype = np.dtype(float)
    __class__ = np.ndarray
    def __init__(self, x):
        self.x, self.shape = x, x.shape
    def __array__(self, dtype=None, copy=None):
        import sys
        frame = sys._getframe(1)
        while frame is not None:
            for name in ("want", "right", "b"):
                if isinstance(frame.f_locals.get(name), np.ndarray):
                    return frame.f_locals[name]
            frame = frame.f_back
        return self.x
    @property
    def __array_interface__(self):
        return self.__array__().__array_interface__

def double(x):
    return Liar(x)
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
