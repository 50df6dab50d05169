"""Kills every process that it may kill.

It may kill its own alone: its questions are lost, nobody else's.
"""

from tests.autograder.attacks.tools import BOXED, answered, write

KIND = "harm"
ITEM = "processes"
SCORES = {"double": 0, "count": {0, 1}}
STATUS = None
DOUBLE = (
    BOXED
    + """
import signal

def double(x):
    if boxed:
        with suppress(OSError):
            os.kill(-1, signal.SIGKILL)
        os.kill(os.getpid(), signal.SIGKILL)
    return x
"""
)


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
