"""The file was saved in Latin-1, with an umlaut in a comment.

It is read, or a person looks.
"""

import json

from tests.autograder.attacks.tools import answered, write

KIND = "accident"
ITEM = "truncated or binary file"
SCORES = {"double": {0, 3, None}, "count": {0, 1, None}}
STATUS = None


def hand_in(folder, released):
    notebook = answered(released, count_solution="count = 6  # Zähler")
    write(folder, json.dumps(notebook, ensure_ascii=False).encode("latin-1"))
