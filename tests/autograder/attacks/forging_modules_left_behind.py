"""Writes modules of its own into every folder that is on sys.path, then dies.

The worker that comes after does not see them.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "forging"
ITEM = "working-directory shadowing"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = r"""
def double(x):
    return x


import os
import sys

FALSE = "def check(*a, **k): return None\ncall = fresh_rng = fresh_seed = helper = check\n"
for folder in ["", ".", os.path.expanduser("~"), "/tmp", *sys.path]:
    if folder.endswith((".zip", "site-packages")) or "rnncore" in folder:
        continue
    for name in ("toy_checking.py", "numpy_left-behind.py"):
        try:
            with open(os.path.join(folder, name), "x") as file:
                file.write(FALSE)
        except OSError:
            pass

def double(x):
    os._exit(0)
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
