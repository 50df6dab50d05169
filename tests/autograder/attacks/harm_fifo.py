"""Hands in a pipe in the place of the notebook, on which a reader waits for ever.

Only regular files are opened: the submission needs a look.
"""

import os

from tests.autograder.attacks.tools import LOST

KIND = "harm"
ITEM = "files"
SCORES = {"double": LOST, "count": LOST}
STATUS = "needs_look"


def hand_in(folder, released):
    os.mkfifo(folder / "toy.ipynb")
