"""Changes every global setting that a tidy student might, and answers rightly in odd arrays.

Full marks: warnings as errors, NumPy's error state, limits, the umask and a patched JSON encoder
are the student's own; so are an array whose dtype has metadata, and a count without an axis.
"""

from tests.autograder.attacks.tools import answered, with_own_cell, write

KIND = "accident"
ITEM = "from outside"
SCORES = {"double": 3, "count": 1}
STATUS = "graded"
OWN = r"""
import contextlib
import decimal
import functools
import gc
import json
import locale
import logging
import os
import random
import sys
import tracemalloc
import warnings

warnings.simplefilter("error")
np.seterr(all="raise")
np.set_printoptions(precision=1, threshold=2, edgeitems=1, legacy="1.13", suppress=True)
decimal.getcontext().prec = 1
decimal.getcontext().traps[decimal.Inexact] = True
sys.set_int_max_str_digits(640)
sys.setrecursionlimit(500)
sys.setswitchinterval(1e-5)
gc.disable()
gc.freeze()
tracemalloc.start(25)
logging.basicConfig(level=logging.DEBUG)
with contextlib.suppress(locale.Error):
    locale.setlocale(locale.LC_ALL, "")
os.umask(0o077)
os.environ.update(LANG="tr_TR.UTF-8", TZ="Pacific/Kiritimati", PYTHONWARNINGS="error")
random.seed(0)
np.random.seed(0)
json.JSONEncoder.default = lambda self, value: value.tolist()
json.dumps = functools.partial(json.dumps, indent=2, ensure_ascii=False, sort_keys=True)
print = functools.partial(print, flush=True)
"""
DOUBLE = """
METRES = np.dtype(np.float64, metadata={"unit": "metre", "made by": print})

def double(x):
    doubled = (2 * x).view(METRES)
    doubled.flags.writeable = False
    return doubled
"""
COUNT = 'count = np.array(6, dtype=">i2")'


def hand_in(folder, released):
    answers = answered(released, double_solution=DOUBLE, count_solution=COUNT)
    write(folder, with_own_cell(answers, OWN))
