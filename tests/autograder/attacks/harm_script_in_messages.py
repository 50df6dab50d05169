"""Puts scripts into the names and messages of its exceptions, and into answers.

Messages are shown as text.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "harm"
ITEM = "the instructor's browser"
SCORES = {"double": 0, "count": 0}
STATUS = "graded"
DOUBLE = """
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)>"

def double(x):
    raise type(SCRIPT, (ValueError,), {})(SCRIPT)
"""
COUNT = "count = '<script>alert(1)</script>'"


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE, count_solution=COUNT))
