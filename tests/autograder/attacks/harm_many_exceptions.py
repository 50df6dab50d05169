"""Raises an exception whose message is of 100 MB, from a chain of a thousand.

Messages are bounded.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "harm"
ITEM = "output floods"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = """
def double(x):
    try:
        for depth in range(1000):
            try:
                raise ValueError(depth)
            except ValueError as error:
                last = error
                raise RuntimeError("x" * 10) from last
    except RuntimeError as error:
        raise ValueError("x" * 100_000_000) from error
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
