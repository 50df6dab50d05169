"""The answer uses a function from a cell of the student's own.

Cells that the student added run too: full marks.
"""

from tests.autograder.attacks.tools import answered, with_own_cell, write

KIND = "accident"
ITEM = "everyday mistakes"
SCORES = {"double": 3, "count": 1}
STATUS = "graded"
OWN = "def times(factor, values):\n    return factor * values"


def hand_in(folder, released):
    answer = "def double(x):\n    return times(2, x)"
    write(folder, with_own_cell(answered(released, double_solution=answer), OWN))
