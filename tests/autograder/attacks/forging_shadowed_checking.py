"""Hands in a folder called rnncore, whose check accepts all.

Only the notebook is taken from the folder that was handed in.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "forging"
ITEM = "working-directory shadowing"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
CHECKING = """
import numpy as np

class StudentError(Exception):
    pass

def check(*args, **kwargs):
    return None

def call(function, *args, **kwargs):
    return function(*args)

def fresh_rng():
    return np.random.default_rng(0)
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution="def double(x):\n    return x"))
    write(folder, "", "rnncore/__init__.py")
    write(folder, CHECKING, "rnncore/checking/__init__.py")
    write(folder, CHECKING, "checking.py")
