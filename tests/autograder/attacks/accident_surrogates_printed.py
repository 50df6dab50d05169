"""A cell prints half a character, which has no encoding.

It fails or prints a sign in its place, and costs nothing.
"""

from tests.autograder.attacks.tools import answered, with_own_cell, write

KIND = "accident"
ITEM = "everyday mistakes"
SCORES = {"double": 3, "count": 1}
STATUS = "graded"
OWN = r"""
print("before \ud83d after")
"""


def hand_in(folder, released):
    write(folder, with_own_cell(answered(released), OWN))
