"""Lists in the metadata are 100,000 deep.

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
    deep = "[" * 100_000 + "]" * 100_000
    broken = text.replace('"metadata": {}', f'"metadata": {{"a": {deep}}}', 1)
    write(folder, broken)
