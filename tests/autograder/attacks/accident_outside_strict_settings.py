"""A cell makes Python and NumPy strict in the search for a mistake, and is left in the notebook.

The settings bind the student's code alone: what carries the answers out works as before.
"""

from tests.autograder.attacks.tools import answered, with_own_cell, write

KIND = "accident"
ITEM = "from outside"
SCORES = {"double": 3, "count": 1}
STATUS = "graded"
OWN = """
import decimal
import gc
import logging
import sys
import tracemalloc
import warnings

import numpy as np

warnings.simplefilter("error")
np.seterr(all="raise")
np.set_printoptions(precision=1, threshold=3, formatter={"all": lambda number: "?"})
decimal.getcontext().prec = 2
decimal.getcontext().traps[decimal.Inexact] = True
sys.setrecursionlimit(300)
sys.set_int_max_str_digits(640)
sys.tracebacklimit = 0
logging.disable(logging.CRITICAL)
gc.set_threshold(5, 2, 2)
gc.set_debug(gc.DEBUG_UNCOLLECTABLE)
tracemalloc.start(20)
"""


def hand_in(folder, released):
    write(folder, with_own_cell(answered(released), OWN))
