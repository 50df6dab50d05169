"""A cell holds a megabyte: a picture pasted as text.

Full marks.
"""

from tests.autograder.attacks.tools import answered, with_own_cell, write

KIND = "accident"
ITEM = "a cell of 1 MB"
SCORES = {"double": 3, "count": 1}
STATUS = "graded"


def hand_in(folder, released):
    picture = "picture = '" + "A" * 2**20 + "'"
    write(folder, with_own_cell(answered(released), picture))
