"""Kills its parent and whatever process it sees.

It sees its own alone.
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
        for process in [os.getppid(), *processes()]:
            if process > 0 and process != os.getpid():
                with suppress(OSError):
                    os.kill(process, signal.SIGKILL)
    return x
"""
)


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
