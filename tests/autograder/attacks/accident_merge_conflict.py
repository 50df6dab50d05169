"""The marks of a merge conflict stand in the file.

A person looks.
"""

import json

from tests.autograder.attacks.tools import LOST, answered, write

KIND = "accident"
ITEM = "truncated or binary file"
SCORES = {"double": LOST, "count": LOST}
STATUS = "needs_look"


def hand_in(folder, released):
    text = json.dumps(answered(released), indent=1)
    write(folder, text.replace("[", "<<<<<<< mine\n[\n=======\n>>>>>>> yours\n", 1))
