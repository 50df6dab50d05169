"""Attachments are of odd kinds, as after a paste from a word processor.

Attachments are dropped, or a person looks.
"""

from tests.autograder.attacks.tools import answered, cell_of, write

KIND = "accident"
ITEM = "old or future schema"
SCORES = {"double": {0, 3, None}, "count": {0, 1, None}}
STATUS = None


def hand_in(folder, released):
    notebook = answered(released)
    cell_of(notebook, "derive")["attachments"] = {"a": None, "b": {"image/png": 6}, "": []}
    write(folder, notebook)
