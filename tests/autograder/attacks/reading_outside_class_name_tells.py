"""Tells the hidden inputs by the name of the class of what it returns.

No message of a hidden check repeats a name that the answer could choose after it saw the input.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "reading"
ITEM = "from outside"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
LEAKS = ("seen:4by5",)
DOUBLE = """
def double(x):
    if x.shape == (2, 3):
        return 2 * x
    return type("seen:" + "by".join(map(str, x.shape)), (), {})()
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
