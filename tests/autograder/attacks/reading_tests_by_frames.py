"""Searches the frames, code and globals of its callers during the call.

No frame of a test lies above the function.
"""

from tests.autograder.attacks.tools import SEARCH, answered, write

KIND = "reading"
ITEM = "the tests"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = (
    SEARCH
    + """
import sys

def double(x):
    frame = sys._getframe(1)
    while frame is not None:
        search(repr(frame.f_code.co_consts).encode())
        search(repr(frame.f_code.co_names).encode())
        for values in (frame.f_locals, frame.f_globals):
            search(repr(list(values)).encode())
            for value in list(values.values()):
                if isinstance(value, (str, bytes, list, dict, tuple)):
                    search(repr(value)[:100_000].encode())
        frame = frame.f_back
    raise ValueError(tell())
"""
)


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
