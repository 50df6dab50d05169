"""The notebook says that it is of format 5.

A person looks, or what is known is read.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "accident"
ITEM = "old or future schema"
SCORES = {"double": {0, 3, None}, "count": {0, 1, None}}
STATUS = None


def hand_in(folder, released):
    write(folder, answered(released) | {"nbformat": 5, "nbformat_minor": 0})
