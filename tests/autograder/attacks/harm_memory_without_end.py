"""Makes lists of lists until nothing is left, and holds on to the error.

The limit on memory ends it: the question is lost.
"""

from tests.autograder.attacks.tools import BOXED, answered, write

KIND = "harm"
ITEM = "memory"
SCORES = {"double": 0, "count": {0, 1}}
STATUS = None
DOUBLE = (
    BOXED
    + """
def double(x):
    kept = []
    for _ in range(40):
        try:
            kept.append([0] * 2**24)
        except MemoryError as error:
            kept.append(error)
    raise MemoryError(kept)
"""
)


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
