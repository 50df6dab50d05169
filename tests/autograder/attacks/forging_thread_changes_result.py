"""Returns an array that a thread goes on changing.

The answer is what crossed; what happens to the array later is of no effect.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "forging"
ITEM = "threads"
SCORES = {"double": 0, "count": 1}
STATUS = None
DOUBLE = """
import threading

def double(x):
    result = x.copy()
    def change():
        for step in range(100_000):
            result[...] = step
    threading.Thread(target=change, daemon=True).start()
    return result
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
