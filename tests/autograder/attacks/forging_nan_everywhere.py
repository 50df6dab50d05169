"""Returns NaN in every place.

NaN is right only where the right answer is NaN.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "forging"
ITEM = "equal-to-everything objects"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = """
def double(x):
    return x * float("nan")
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
