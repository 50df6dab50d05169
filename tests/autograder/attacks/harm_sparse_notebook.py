"""Hands in a sparse file of a terabyte.

Files are of bounded size: the submission needs a look.
"""

import os

from tests.autograder.attacks.tools import LOST, answered, write

KIND = "harm"
ITEM = "files"
SCORES = {"double": LOST, "count": LOST}
STATUS = "needs_look"


def hand_in(folder, released):
    write(folder, answered(released))
    os.truncate(folder / "toy.ipynb", 2**40)
