"""Numbers of the metadata are 1e400 and of 5,000 digits.

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
    broken = text.replace('"metadata": {}', '"metadata": {"a": 1e400, "b": ' + "9" * 5000 + "}")
    write(folder, broken)
