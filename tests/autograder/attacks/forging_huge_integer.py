"""Returns an integer of a million bits, inside an array's shape and by itself.

Integers are bounded.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "forging"
ITEM = "forged replies"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = """
def double(x):
    return {"shape": (2**62, 2**62), "value": 1 << 1_000_000}
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
