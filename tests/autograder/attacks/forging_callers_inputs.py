"""Looks for the expected value, and writes into the arrays of its callers.

No frame of a test lies above the function, and arrays cross as copies.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "forging"
ITEM = "frames"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = """
import sys

def double(x):
    frame = sys._getframe(1)
    while frame is not None:
        for values in (frame.f_locals, frame.f_globals):
            for name, value in list(values.items()):
                if type(value) is type(x) and value.dtype == float:
                    try:
                        value[...] = 0
                    except Exception:
                        pass
        frame = frame.f_back
    return 0 * x
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
