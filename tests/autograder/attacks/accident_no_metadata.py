"""The notebook has no metadata at all.

The notebook's own metadata mean nothing.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "accident"
ITEM = "wrong kernel name"
SCORES = {"double": {0, 3, None}, "count": {0, 1, None}}
STATUS = None


def hand_in(folder, released):
    notebook = answered(released)
    del notebook["metadata"]
    write(folder, notebook)
