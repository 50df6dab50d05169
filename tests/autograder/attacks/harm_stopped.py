"""Stops itself by SIGSTOP inside the call.

The wall clock ends it.
"""

from tests.autograder.attacks.tools import BOXED, answered, write

KIND = "harm"
ITEM = "signals"
SCORES = {"double": 0, "count": 1}
STATUS = None
DOUBLE = (
    BOXED
    + """
import signal

def double(x):
    if boxed:
        os.kill(os.getpid(), signal.SIGSTOP)
    return x
"""
)


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
