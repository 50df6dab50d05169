"""Returns a tree of 137,257 records of the library, which pass for parameter objects.

Parameter objects count towards the number of items as lists do; the grader spends no minutes.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "harm"
ITEM = "from outside"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
# A class with seven fields: seven levels are 7^7 = 823,543 leaves, eleven objects in memory.
DOUBLE = """
from rnncore.checking import Check

def double(x):
    if x.shape == (2, 3):
        return 2 * x
    answer = 1.5
    for _ in range(7):
        answer = Check(*[answer] * 7)
    return answer
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
