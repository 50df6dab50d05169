"""Returns a short list whose copy would be of a billion items.

Items are counted while they are copied.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "harm"
ITEM = "memory"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = """
def double(x):
    result = [0] * 10
    for _ in range(9):
        result = [result] * 10
    return result
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
