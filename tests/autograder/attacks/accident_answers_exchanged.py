"""Each answer is written into the cell of the other question.

All answers are defined where the tests look for names, or each test finds its own: either is fair.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "accident"
ITEM = "reordered cells"
SCORES = {"double": {0, 3}, "count": {0, 1}}
STATUS = None


def hand_in(folder, released):
    notebook = answered(
        released, double_solution="count = 6", count_solution="def double(x):\n    return 2 * x"
    )
    write(folder, notebook)
