"""The file is a link to itself, as a broken synchronisation leaves it.

A person looks.
"""

import os

from tests.autograder.attacks.tools import LOST

KIND = "accident"
ITEM = "truncated or binary file"
SCORES = {"double": LOST, "count": LOST}
STATUS = "needs_look"


def hand_in(folder, released):
    os.symlink("toy.ipynb", folder / "toy.ipynb")
