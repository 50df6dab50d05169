"""The cell begins with a line that names another encoding.

A cell is text already: full marks.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "accident"
ITEM = "everyday mistakes"
SCORES = {"double": 3, "count": 1}
STATUS = "graded"
DOUBLE = """
# -*- coding: latin-1 -*-
from __future__ import annotations

def double(x):
    größe = 2
    return größe * x
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
