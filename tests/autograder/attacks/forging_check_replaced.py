"""Replaces check wherever it can be found.

The student's copy of check marks nothing.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "forging"
ITEM = "patched test tools and reference code"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = """
def double(x):
    return x


import sys

def check(*args, **kwargs):
    return None

for name, module in list(sys.modules.items()):
    if name.startswith("rnncore") and hasattr(module, "check"):
        module.check = check
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
