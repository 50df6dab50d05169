"""Takes bytes from every pipe that it did not open, during the call.

Requests hold arguments and no test; the question is lost.
"""

from tests.autograder.attacks.tools import SEARCH, answered, write

KIND = "reading"
ITEM = "/proc"
SCORES = {"double": 0, "count": {0, 1}}
STATUS = None
DOUBLE = (
    SEARCH
    + """
def double(x):
    for number in range(3, 64):
        try:
            os.set_blocking(number, False)
            search(os.read(number, 2**20))
        except OSError:
            pass
    raise ValueError(tell())
"""
)


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
