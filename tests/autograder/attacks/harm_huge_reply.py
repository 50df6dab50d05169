"""Returns a list of ten million numbers, then a text of a gigabyte.

Replies are bounded.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "harm"
ITEM = "memory"
SCORES = {"double": 0, "count": {0, 1}}
STATUS = None
DOUBLE = """
calls = []

def double(x):
    calls.append(1)
    return [1.5] * 10_000_000 if len(calls) % 2 else "x" * 2**30
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
