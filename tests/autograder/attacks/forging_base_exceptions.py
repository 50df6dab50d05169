"""Raises KeyboardInterrupt, GeneratorExit and an own BaseException from the call.

These are errors like any other.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "forging"
ITEM = "forged replies"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = """
class CheckPassed(BaseException):
    score = 3

calls = []

def double(x):
    calls.append(x)
    raise (KeyboardInterrupt, GeneratorExit, StopIteration, CheckPassed)[len(calls) % 4]
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
