"""Makes every input NaN: the given one, and those that fresh_rng draws.

Inputs come from the tests' side, which draws them itself.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "forging"
ITEM = "patched test tools and reference code"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = """
import numpy as np
import rnncore.checking.seeds as seeds

class Known:
    def normal(self, size=None, **kwargs):
        return np.full(size, np.nan)

def fresh_rng():
    return Known()

x[...] = np.nan
for name in ("fresh_rng",):
    globals()[name] = fresh_rng
    setattr(seeds, name, fresh_rng)

def double(x):
    return np.full(x.shape, np.nan)
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
