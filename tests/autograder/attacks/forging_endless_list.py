"""Returns a list of a subclass that never ends.

Methods of a subclass are never called.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "forging"
ITEM = "forged replies"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = """
class Endless(list):
    def __iter__(self):
        while True:
            yield 0
    def __len__(self):
        return 2

def double(x):
    return Endless([1, 2])
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
