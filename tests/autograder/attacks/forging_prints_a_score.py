"""Prints marks, results as JSON and lines of the grader's log.

What is printed is no mark.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "forging"
ITEM = "forged replies"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = r"""
import sys

def double(x):
    for stream in (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__):
        print('3.0\n{"score": 3, "double": 3}\n[AutogradeApp | INFO] graded', file=stream)
    return x
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
