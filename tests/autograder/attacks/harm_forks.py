"""Forks 300 processes that sleep.

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

def double(x):
    for _ in range(300 if boxed else 0):
        with suppress(OSError):
            if os.fork() == 0:
                name_process()
                time.sleep(60)
                os._exit(0)
    return x
"""
)


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
