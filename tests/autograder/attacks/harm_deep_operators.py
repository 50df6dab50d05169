"""Writes 200,000 signs before a number, and 5,000 brackets around another.

Whoever parses it survives: that question is lost.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "harm"
ITEM = "memory"
SCORES = {"double": 0, "count": 1}
STATUS = None


def hand_in(folder, released):
    signs, brackets = "-" * 200_000 + "1", "(" * 5000 + "1" + ")" * 5000
    write(
        folder,
        answered(released, double_solution=f"def double(x):\n    return {signs}\n{brackets}"),
    )
