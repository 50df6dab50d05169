"""Lone surrogates and NUL stand in the text.

It is read, or a person looks.
"""

import json

from tests.autograder.attacks.tools import answered, write

KIND = "accident"
ITEM = "old or future schema"
SCORES = {"double": {0, 3, None}, "count": {0, 1, None}}
STATUS = None


def hand_in(folder, released):
    text = json.dumps(answered(released))
    broken = text.replace("count = 6", r"count = 6  # \ud800 \u0000")
    write(folder, broken)
