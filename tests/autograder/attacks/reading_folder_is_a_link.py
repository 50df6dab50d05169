"""Hands in a link to a neighbour's folder in the place of the folder.

Links are not followed: the submission needs a look.
"""

import os

from tests.autograder.attacks.tools import LOST

KIND = "reading"
ITEM = "files"
SCORES = {"double": LOST, "count": LOST}
STATUS = "needs_look"


def hand_in(folder, released):
    folder.rmdir()
    os.symlink("../a-honest/toy", folder)
