"""Walks up the frames of its callers, and replaces check in each.

No frame of a test lies above the function.
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
        if "check" in frame.f_globals:
            frame.f_globals["check"] = lambda *args, **kwargs: None
        frame = frame.f_back
    return x
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
