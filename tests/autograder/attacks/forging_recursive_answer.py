"""Returns a list that holds itself, then one 100,000 lists deep.

Depth is bounded before anything is compared.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "forging"
ITEM = "forged replies"
SCORES = {"double": 0, "count": {0, 1}}
STATUS = None
DOUBLE = """
calls = []

def double(x):
    calls.append(x)
    result = []
    if len(calls) % 2:
        result.append(result)
        return result
    for _ in range(100_000):
        result = [result]
    return result
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
