"""Forks, and each child forks again, nine times over.

Processes are limited, and all end with the sandbox.
"""

from tests.autograder.attacks.tools import BOXED, answered, write

KIND = "harm"
ITEM = "forks"
SCORES = {"double": 0, "count": {0, 1}}
STATUS = None
DOUBLE = (
    BOXED
    + """
import time

if boxed:
    first = os.getpid()
    for _ in range(9):
        with suppress(OSError):
            os.fork()
    if os.getpid() != first:
        name_process()
        time.sleep(60)
        os._exit(0)

def double(x):
    return x
"""
)


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
