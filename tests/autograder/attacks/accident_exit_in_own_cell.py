"""A cell of the student's own ends with sys.exit(1).

It costs nothing.
"""

from tests.autograder.attacks.tools import answered, with_own_cell, write

KIND = "accident"
ITEM = "crash of the interpreter"
SCORES = {"double": 3, "count": 1}
STATUS = "graded"
OWN = """
import sys

sys.exit(1)
"""


def hand_in(folder, released):
    write(folder, with_own_cell(answered(released), OWN))
