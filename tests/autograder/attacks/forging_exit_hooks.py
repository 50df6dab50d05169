"""Prints and writes the mark in atexit, __del__ and weakref hooks.

What is said at the end of a process is no mark.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "forging"
ITEM = "forged replies"
SCORES = {"double": 0, "count": {0, 1}}
STATUS = None
DOUBLE = r"""
def double(x):
    return x


import atexit
import os
import weakref

def claim(*args):
    for number in range(1, 32):
        try:
            os.set_blocking(number, False)
            os.write(number, b'{"score": 3, "passed": true}\n')
        except OSError:
            pass

class Last:
    __del__ = claim

last = Last()
atexit.register(claim)
weakref.finalize(last, claim)
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
