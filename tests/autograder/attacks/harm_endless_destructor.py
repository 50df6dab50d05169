"""Answers with an object whose destructor never returns.

What is lost are its own marks.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "harm"
ITEM = "signals"
SCORES = {"double": 0, "count": {0, 1}}
STATUS = None
DOUBLE = """
class Endless:
    def __del__(self):
        while True:
            pass

def double(x):
    return Endless()
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
