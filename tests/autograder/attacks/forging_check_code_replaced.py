"""Replaces the code inside check, which every import shares.

The student's copy of check marks nothing.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "forging"
ITEM = "patched test tools and reference code"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = """
def double(x):
    return x


from rnncore.checking import check as found

def nothing(question, got, want, rtol=None, atol=None, hidden=False):
    return None

found.__code__ = nothing.__code__
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
