"""Forks inside the call, so that parent and child both answer.

One process is asked; a second reply is no mark.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "forging"
ITEM = "forged replies"
SCORES = {"double": 0, "count": {0, 1}}
STATUS = None
DOUBLE = """
import os

def double(x):
    try:
        os.fork()
    except OSError:
        pass
    return x
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
