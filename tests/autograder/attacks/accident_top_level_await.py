"""A cell of the student's own awaits at top level, as notebooks allow.

It runs or fails, and costs nothing.
"""

from tests.autograder.attacks.tools import answered, with_own_cell, write

KIND = "accident"
ITEM = "everyday mistakes"
SCORES = {"double": 3, "count": 1}
STATUS = "graded"
OWN = """
import asyncio

await asyncio.sleep(0)
"""


def hand_in(folder, released):
    write(folder, with_own_cell(answered(released), OWN))
