"""Prints the environment: its own, and that of C.

The environment is cleared.
"""

from tests.autograder.attacks.tools import SEARCH, answered, write

KIND = "reading"
ITEM = "environment"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = (
    SEARCH
    + """
import ctypes

search(repr(dict(os.environ)).encode())
environment = ctypes.POINTER(ctypes.c_char_p).in_dll(ctypes.CDLL(None), "environ")
position = 0
while environment and environment[position]:
    search(environment[position])
    position += 1

def double(x):
    raise ValueError(tell())

tell()
"""
)


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
