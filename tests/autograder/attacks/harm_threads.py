"""Starts 2,000 threads.

Threads are limited, and all end with the sandbox.
"""

from tests.autograder.attacks.tools import BOXED, answered, write

KIND = "harm"
ITEM = "forks"
SCORES = {"double": 0, "count": {0, 1}}
STATUS = None
DOUBLE = (
    BOXED
    + """
import threading
import time

def double(x):
    for _ in range(2000 if boxed else 0):
        with suppress(RuntimeError):
            threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
    return x
"""
)


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
