"""A NUL character stands in one answer.

Python does not take it: that question is lost, or the NUL is dropped.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "accident"
ITEM = "everyday mistakes"
SCORES = {"double": {0, 3}, "count": 1}
STATUS = None


def hand_in(folder, released):
    write(folder, answered(released, double_solution="def double(x):\n    return 2 * x  # \0"))
