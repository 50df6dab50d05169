"""Writes an answer whose syntax tree is 100,000 levels deep.

Whoever parses it survives: that question is lost.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "harm"
ITEM = "memory"
SCORES = {"double": 0, "count": 1}
STATUS = None


def hand_in(folder, released):
    deep = "f" + ".a" * 100_000
    write(folder, answered(released, double_solution=f"def double(x):\n    return {deep}"))
