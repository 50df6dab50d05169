"""The file is the page of a login form that was saved in the notebook's place.

A person looks.
"""

from tests.autograder.attacks.tools import LOST, write

KIND = "accident"
ITEM = "truncated or binary file"
SCORES = {"double": LOST, "count": LOST}
STATUS = "needs_look"


def hand_in(folder, released):
    write(folder, "<!doctype html><title>Log in</title><form></form>")
