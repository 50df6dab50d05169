"""Zeroes the array of the given cell, and answers with zeros.

The given data that a test uses are not the student's copy.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "forging"
ITEM = "patched test tools and reference code"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = """
x *= 0

def double(values):
    return 0 * values
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
