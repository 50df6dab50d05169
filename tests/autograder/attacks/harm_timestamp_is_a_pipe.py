"""Hands in a pipe called timestamp.txt, on which a reader waits for ever.

Only regular files are opened: full marks, or a person looks.
"""

import os

from tests.autograder.attacks.tools import answered, write

KIND = "harm"
ITEM = "files"
SCORES = {"double": 3, "count": 1}
STATUS = None


def hand_in(folder, released):
    write(folder, answered(released))
    os.mkfifo(folder / "timestamp.txt")
