"""A cell of the student's own gives np, check, list, sum and x other meanings.

What the tests use is not the student's: full marks, as the answers need none of these.
"""

from tests.autograder.attacks.tools import answered, with_own_cell, write

KIND = "accident"
ITEM = "everyday mistakes"
SCORES = {"double": 3, "count": 1}
STATUS = "graded"
OWN = """
np = check = call = fresh_rng = None
list = sum = len = print = range = isinstance = 6
x = "a string"
"""


def hand_in(folder, released):
    write(folder, with_own_cell(answered(released), OWN))
