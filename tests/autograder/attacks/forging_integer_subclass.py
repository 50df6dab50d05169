"""Answers with an int of 7 that says it is 6.

A subclass of int is no int.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "forging"
ITEM = "equal-to-everything objects"
SCORES = {"double": 3, "count": 0}
STATUS = "graded"
COUNT = """
class Six(int):
    def __eq__(self, other):
        return True
    def __ne__(self, other):
        return False
    def __hash__(self):
        return hash(6)
    def __int__(self):
        return 6
    __index__ = __int__
    def __repr__(self):
        return "6"

count = Six(7)
"""


def hand_in(folder, released):
    write(folder, answered(released, count_solution=COUNT))
