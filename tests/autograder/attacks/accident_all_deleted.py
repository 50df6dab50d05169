"""Every cell is deleted, and the notebook saved.

It is a notebook without an answer: no points.
"""

from tests.autograder.attacks.tools import LOST, write

KIND = "accident"
ITEM = "deleted cells"
SCORES = {"double": LOST, "count": LOST}
STATUS = None


def hand_in(folder, released):
    write(folder, released | {"cells": []})
