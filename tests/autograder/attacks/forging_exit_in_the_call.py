"""Ends the process with status 0 inside the call.

The worker died: this question is lost, and the next is asked of a new worker.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "forging"
ITEM = "forged replies"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = """
import os

def double(x):
    os._exit(0)
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
