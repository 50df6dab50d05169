"""Returns an object that runs code where it is unpickled.

Nothing that comes out of the sandbox is unpickled.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "forging"
ITEM = "forged replies"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = """
import numpy as np

class Gadget:
    def __reduce__(self):
        return exec, ("import os; os._exit(0)",)

def double(x):
    result = np.empty(x.shape, dtype=object)
    result[...] = Gadget()
    return [Gadget(), result, {"a": Gadget()}]
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
