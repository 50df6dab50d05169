"""Returns strings with surrogates, NUL and control characters.

They are data like any other, or refused; nothing else changes.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "forging"
ITEM = "forged replies"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = r"""
def double(x):
    return ["\ud800" * 10, "\x00\x1b[2J", "\u202e6", {"\udfff": "\r\n"}]
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
