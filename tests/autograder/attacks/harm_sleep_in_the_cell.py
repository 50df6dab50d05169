"""Sleeps for ten minutes in the cell of the answer.

The wall clock ends it, and nobody waits for long.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "harm"
ITEM = "the next student"
SCORES = {"double": 0, "count": 1}
STATUS = None
DOUBLE = """
import time

time.sleep(600)

def double(x):
    return 2 * x
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
