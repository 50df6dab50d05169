"""The answer warns, logs and writes to stderr.

What a call writes costs nothing: full marks.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "accident"
ITEM = "warnings on stderr"
SCORES = {"double": 3, "count": 1}
STATUS = "graded"
DOUBLE = """
import logging
import sys
import warnings

warnings.warn("on the way")

def double(x):
    warnings.warn("deprecated", DeprecationWarning)
    warnings.warn("look here")
    logging.warning("look here")
    print("debugging", x.shape, file=sys.stderr)
    return 2 * x
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
