"""Remembers the hidden inputs, and prints them in the next cell.

What cells print stands in the instructor's notebook alone; the learner never sees it.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "reading"
ITEM = "the tests"
SCORES = {"double": 3, "count": 1}
STATUS = None
LEAKS_TO_LEARNERS = ("seen:4by5",)
DOUBLE = """
seen = []

def double(x):
    seen.append("seen:" + "by".join(map(str, x.shape)))
    return 2 * x
"""
COUNT = """
print(seen)
count = 6
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE, count_solution=COUNT))
