"""A cell of the student's own prints 200 MB.

What is kept is bounded: full marks.
"""

from tests.autograder.attacks.tools import answered, with_own_cell, write

KIND = "accident"
ITEM = "200 MB of prints"
SCORES = {"double": 3, "count": 1}
STATUS = "graded"
OWN = r"""
for _ in range(200):
    print(("x" * 99 + "\n") * 10_000)
"""


def hand_in(folder, released):
    write(folder, with_own_cell(answered(released), OWN))
