"""Prints and raises codes that clear, retitle and type into a terminal.

Control characters reach no terminal and no page.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "harm"
ITEM = "output floods"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = r"""
CODES = "\x1b[2J\x1b]0;owned\x07\x1b]52;c;cm0gLXJmIC8=\x07\x1b[6n\x9b31m\x00\x08\x7f\u202e"
print(CODES)

def double(x):
    raise ValueError(CODES)
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
