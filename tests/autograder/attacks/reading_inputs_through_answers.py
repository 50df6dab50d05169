"""Sends the hidden inputs out as the answer of the next question.

The feedback on a hidden check shows no value that came.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "reading"
ITEM = "the tests"
SCORES = {"double": 3, "count": 0}
STATUS = None
LEAKS = ("seen:4by5",)
DOUBLE = """
class Told:
    shape = ""

count = "nothing"

def double(x):
    global count
    count = "seen:" + "by".join(map(str, x.shape))
    return 2 * x
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE, count_solution="pass"))
