"""Ignores every signal that may be ignored, then computes for ever.

The limit ends it all the same.
"""

from tests.autograder.attacks.tools import BOXED, answered, write

KIND = "harm"
ITEM = "signals"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = (
    BOXED
    + """
import signal

for number in range(1, 64):
    with suppress(OSError, ValueError):
        signal.signal(number, signal.SIG_IGN)

def double(x):
    while True:
        x = x + 1
"""
)


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
