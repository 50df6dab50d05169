"""Replaces sys.displayhook, and shows the mark as the last value of a cell.

Outputs of the student's side set no mark.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "forging"
ITEM = "display hooks"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = r"""
def double(x):
    return x


import sys

def show(value):
    sys.__stdout__.write("3.0\n")

sys.displayhook = sys.__displayhook__ = show
3.0
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
