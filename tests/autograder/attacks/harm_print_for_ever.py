"""Prints for ever inside the call.

The limit ends it: the question is lost.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "harm"
ITEM = "output floods"
SCORES = {"double": 0, "count": 1}
STATUS = None
DOUBLE = """
def double(x):
    while True:
        print("x" * 1000)
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
