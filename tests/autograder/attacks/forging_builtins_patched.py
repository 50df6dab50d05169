"""Replaces built-in functions by liars.

Built-in functions of the student's side reach no test.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "forging"
ITEM = "patched test tools and reference code"
SCORES = {"double": 0, "count": {0, 1}}
STATUS = None
DOUBLE = """
def double(x):
    return x


import builtins

real_type = type
builtins.isinstance = lambda value, kinds: True
builtins.AssertionError = Exception
builtins.any = lambda values: False
builtins.type = lambda value, *rest: real_type(value, *rest) if rest else str
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
