"""Returns an array of 64 MiB of truth values, just below the limit, which grows as numbers do.

A fingerprint, a difference or a report of it as floats would take gigabytes outside of the sandbox.
The answer is wrong, the grader's memory stays small, and the other question keeps its mark.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "harm"
ITEM = "from outside"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = """
def double(x):
    return np.ones(2**26 - 64, dtype=bool)
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
