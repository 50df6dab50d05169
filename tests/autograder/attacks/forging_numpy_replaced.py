"""Puts an object of their own in the place of NumPy in sys.modules.

The student's modules are the student's alone.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "forging"
ITEM = "patched test tools and reference code"
SCORES = {"double": 0, "count": {0, 1}}
STATUS = None
DOUBLE = """
def double(x):
    return x


import sys
import types

class Agreeable(types.ModuleType):
    def __getattr__(self, name):
        return lambda *args, **kwargs: self
    def __eq__(self, other):
        return True
    __hash__ = object.__hash__
    def any(self):
        return False

sys.modules["numpy"] = Agreeable("numpy")
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
