"""The notebook comes back as it was released.

No points, and nothing to look at.
"""

from tests.autograder.attacks.tools import write

KIND = "accident"
ITEM = "everyday mistakes"
SCORES = {"double": 0, "count": 0}
STATUS = "graded"


def hand_in(folder, released):
    write(folder, released)
