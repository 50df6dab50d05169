"""The file is what a broken disk gave back.

A person looks.
"""

import random

from tests.autograder.attacks.tools import LOST, write

KIND = "accident"
ITEM = "truncated or binary file"
SCORES = {"double": LOST, "count": LOST}
STATUS = "needs_look"


def hand_in(folder, released):
    write(folder, random.Random(0).randbytes(50_000))
