"""The answers hold the lines that mark solutions and hidden tests.

They mean something in a master alone: full marks.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "accident"
ITEM = "everyday mistakes"
SCORES = {"double": 3, "count": 1}
STATUS = "graded"
DOUBLE = """
### BEGIN HIDDEN TESTS
def double(x):
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION
"""
DERIVE = "=== BEGIN MARK SCHEME ===\n### BEGIN HIDDEN TESTS\nBy linearity."


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE, derive=DERIVE))
