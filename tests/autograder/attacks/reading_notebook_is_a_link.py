"""Hands in a link to the master in the place of the notebook.

Links are not followed: the submission needs a look.
"""

import os

from tests.autograder.attacks.tools import LOST

KIND = "reading"
ITEM = "files"
SCORES = {"double": LOST, "count": LOST}
STATUS = "needs_look"


def hand_in(folder, released):
    os.symlink("../../../../solutions/toy/toy.ipynb", folder / "toy.ipynb")
