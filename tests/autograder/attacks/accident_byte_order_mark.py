"""The file begins with a byte order mark, as an editor on Windows writes it.

It is read, or a person looks.
"""

import json

from tests.autograder.attacks.tools import answered, write

KIND = "accident"
ITEM = "truncated or binary file"
SCORES = {"double": {0, 3, None}, "count": {0, 1, None}}
STATUS = None


def hand_in(folder, released):
    write(folder, json.dumps(answered(released)).encode("utf-8-sig"))
