"""The answer is an async function, whose call gives no number.

A coroutine is no array: that question is lost.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "accident"
ITEM = "everyday mistakes"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = """
async def double(x):
    return 2 * x
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
