"""Writes 300 MB to descriptors 1 and 2, past Python.

What is kept of an output is bounded; nothing waits for a full pipe.
"""

from tests.autograder.attacks.tools import answered, with_own_cell, write

KIND = "harm"
ITEM = "output floods"
SCORES = {"double": 3, "count": 1}
STATUS = "graded"
OWN = """
import os

block = b"x" * 2**20
for number in (1, 2):
    os.set_blocking(number, False)
    for _ in range(150):
        try:
            os.write(number, block)
        except OSError:
            pass
"""


def hand_in(folder, released):
    write(folder, with_own_cell(answered(released), OWN))
