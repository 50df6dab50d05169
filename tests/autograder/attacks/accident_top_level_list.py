"""The file holds the list of cells alone.

A person looks.
"""

import json

from tests.autograder.attacks.tools import LOST, answered, write

KIND = "accident"
ITEM = "old or future schema"
SCORES = {"double": LOST, "count": LOST}
STATUS = "needs_look"


def hand_in(folder, released):
    write(folder, json.dumps(answered(released)["cells"]))
