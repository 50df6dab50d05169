"""The answer prints its whole input, a thousand times.

What a call prints costs nothing: full marks.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "accident"
ITEM = "200 MB of prints"
SCORES = {"double": 3, "count": 1}
STATUS = "graded"
DOUBLE = """
def double(x):
    for _ in range(1000):
        print(x)
    return 2 * x
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
