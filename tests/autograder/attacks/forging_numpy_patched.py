"""Makes NumPy call all numbers close.

The comparison uses another NumPy than the student's.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "forging"
ITEM = "patched test tools and reference code"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = """
def double(x):
    return x


import numpy as np

np.isclose = lambda a, b, **kwargs: np.ones(np.shape(b), bool)
np.allclose = lambda *args, **kwargs: True
np.array_equal = lambda *args, **kwargs: True
np.testing.assert_allclose = lambda *args, **kwargs: None
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
