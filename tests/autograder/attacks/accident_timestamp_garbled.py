"""A timestamp.txt that holds no time lies beside the notebook.

The marks do not depend on it: full marks.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "accident"
ITEM = "truncated or binary file"
SCORES = {"double": 3, "count": 1}
STATUS = None


def hand_in(folder, released):
    write(folder, answered(released))
    write(folder, b"\xff\x00tomorrow", "timestamp.txt")
