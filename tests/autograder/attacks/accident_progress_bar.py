"""The answer prints its steps, with carriage returns.

Full marks.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "accident"
ITEM = "warnings on stderr"
SCORES = {"double": 3, "count": 1}
STATUS = "graded"
DOUBLE = r"""
import sys

def double(x):
    for step in range(100):
        print(f"step {step}", end="\r", flush=True)
    sys.stderr.flush()
    return 2 * x
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
