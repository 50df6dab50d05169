"""Hands in a socket in the place of the notebook.

Only regular files are opened: the submission needs a look.
"""

import os
import stat

from tests.autograder.attacks.tools import LOST

KIND = "harm"
ITEM = "files"
SCORES = {"double": LOST, "count": LOST}
STATUS = "needs_look"


def hand_in(folder, released):
    os.mknod(folder / "toy.ipynb", stat.S_IFSOCK | 0o644)
