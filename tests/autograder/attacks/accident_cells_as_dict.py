"""The cells are a dict, after a tool's conversion.

A person looks, or nothing is found.
"""

from tests.autograder.attacks.tools import LOST, answered, write

KIND = "accident"
ITEM = "old or future schema"
SCORES = {"double": LOST, "count": LOST}
STATUS = None


def hand_in(folder, released):
    cells = answered(released)["cells"]
    write(folder, released | {"cells": {str(n): cell for n, cell in enumerate(cells)}})
