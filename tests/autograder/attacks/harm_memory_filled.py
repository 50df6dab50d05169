"""Fills the memory, block by block.

The limit on memory ends it: the question is lost.
"""

from tests.autograder.attacks.tools import BOXED, answered, write

KIND = "harm"
ITEM = "memory"
SCORES = {"double": 0, "count": {0, 1}}
STATUS = None
DOUBLE = (
    BOXED
    + """
blocks = []

def double(x):
    while boxed and len(blocks) < 96:
        blocks.append(bytearray(b"x" * 2**26))
    return x
"""
)


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
