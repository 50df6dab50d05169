"""Prints one line of 50 MB.

What is kept of an output is bounded.
"""

from tests.autograder.attacks.tools import answered, with_own_cell, write

KIND = "harm"
ITEM = "output floods"
SCORES = {"double": 3, "count": 1}
STATUS = "graded"
OWN = """
print("x" * 50_000_000)
"""


def hand_in(folder, released):
    write(folder, with_own_cell(answered(released), OWN))
