"""The cells stand in reverse order.

The master's order counts: full marks.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "accident"
ITEM = "reordered cells"
SCORES = {"double": 3, "count": 1}
STATUS = "graded"


def hand_in(folder, released):
    notebook = answered(released)
    notebook["cells"].reverse()
    write(folder, notebook)
