"""Finds the test tools among all objects, and empties each function.

What the student's process holds marks nothing.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "forging"
ITEM = "patched test tools and reference code"
SCORES = {"double": 0, "count": {0, 1}}
STATUS = None
DOUBLE = """
def double(x):
    return x


import gc
import types

def nothing(*args, **kwargs):
    return None

for found in gc.get_objects():
    if isinstance(found, types.FunctionType) and found.__name__ in ("check", "_compare", "plain"):
        try:
            found.__code__ = nothing.__code__
        except ValueError:
            pass
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
