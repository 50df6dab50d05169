"""Replaces the private comparison and the exception that check raises.

The student's copies mark nothing.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "forging"
ITEM = "patched test tools and reference code"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = """
def double(x):
    return x


import rnncore.checking.comparing as comparing

comparing._compare = lambda *args: None
comparing.plain = lambda value: 0
comparing.CheckFailed = lambda *args: KeyboardInterrupt()
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
