"""The file is a gzip archive of the notebook.

A person looks.
"""

import gzip
import json

from tests.autograder.attacks.tools import LOST, answered, write

KIND = "accident"
ITEM = "truncated or binary file"
SCORES = {"double": LOST, "count": LOST}
STATUS = "needs_look"


def hand_in(folder, released):
    write(folder, gzip.compress(json.dumps(answered(released)).encode(), mtime=0))
