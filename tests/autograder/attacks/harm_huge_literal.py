"""Writes a number of a million digits, and a string of ten million repeats.

Whoever parses it survives: that question is lost.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "harm"
ITEM = "memory"
SCORES = {"double": 0, "count": 1}
STATUS = None


def hand_in(folder, released):
    digits = "9" * 1_000_000
    source = f"double = lambda x: {digits}\nlong = 'x' * 4095 * 4095 * 4095"
    write(folder, answered(released, double_solution=source))
