"""Replaces call by one that knows the right answer.

The test's call asks the student's function and nothing else.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "forging"
ITEM = "patched test tools and reference code"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = """
def double(x):
    return x


import rnncore.checking.calling as calling

def call(function, *args, return_args=False):
    return 2 * args[0]

calling.call.__code__ = call.__code__
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
