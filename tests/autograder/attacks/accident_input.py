"""The answer asks for input().

There is nobody to answer: that question is lost.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "accident"
ITEM = "input()"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = """
def double(x):
    factor = float(input("By how much? "))
    return factor * x
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
