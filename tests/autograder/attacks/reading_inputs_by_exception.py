"""Tells the hidden inputs by the message and the name of its exception.

Of an exception in a hidden test, the feedback gives no message and no invented name.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "reading"
ITEM = "the tests"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
LEAKS = ("seen:4by5",)
DOUBLE = """
def double(x):
    if x.shape == (2, 3):
        return 2 * x
    told = "seen:" + "by".join(map(str, x.shape))
    raise type(told, (Exception,), {})(told)
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
