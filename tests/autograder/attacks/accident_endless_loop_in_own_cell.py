"""A cell of the student's own never ends.

It is cut off, and costs nothing.
"""

from tests.autograder.attacks.tools import answered, with_own_cell, write

KIND = "accident"
ITEM = "endless loops in Python and in C"
SCORES = {"double": 3, "count": 1}
STATUS = None
OWN = """
while True:
    pass
"""


def hand_in(folder, released):
    write(folder, with_own_cell(answered(released), OWN))
