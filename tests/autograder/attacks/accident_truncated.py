"""The file ends in the middle: the upload broke off.

A person looks.
"""

import json

from tests.autograder.attacks.tools import LOST, answered, write

KIND = "accident"
ITEM = "truncated or binary file"
SCORES = {"double": LOST, "count": LOST}
STATUS = "needs_look"


def hand_in(folder, released):
    text = json.dumps(answered(released))
    write(folder, text[: len(text) // 2])
