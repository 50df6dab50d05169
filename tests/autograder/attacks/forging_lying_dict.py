"""Returns a dict whose keys change their hash and their equality.

Keys are plain data too.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "forging"
ITEM = "forged replies"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = """
class Key(str):
    turn = 0
    def __hash__(self):
        Key.turn += 1
        return Key.turn
    def __eq__(self, other):
        return True

class Lying(dict):
    def items(self):
        while True:
            yield "a", 1
    def __len__(self):
        return -1

def double(x):
    return {Key("a"): 1, Key("b"): Lying(a=1)}
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
