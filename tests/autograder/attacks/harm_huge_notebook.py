"""Hands in a notebook of 64 MB.

Files are of bounded size: the submission needs a look.
"""

from tests.autograder.attacks.tools import LOST, answered, write

KIND = "harm"
ITEM = "files"
SCORES = {"double": LOST, "count": LOST}
STATUS = "needs_look"


def hand_in(folder, released):
    notebook = answered(released)
    notebook["metadata"]["padding"] = "x" * 2**26
    write(folder, notebook)
