"""Returns a dict of 8,000 numbers that all have the same hash, so that each copy takes seconds.

The answer is no array and is wrong; copying, noting and diagnosing it costs the grader no more than
its limit of time, and the other question and the neighbours keep their marks.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "harm"
ITEM = "from outside"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
# Multiples of the Mersenne prime that Python reduces by: 8,000 small integers with hash 0.
DOUBLE = """
colliding = {number * (2**61 - 1): 0 for number in range(8000)}

def double(x):
    return colliding
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
