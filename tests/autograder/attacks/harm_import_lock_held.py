"""Leaves a thread that holds the import lock, and one that never lets go of Python.

What is lost are its own marks.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "harm"
ITEM = "signals"
SCORES = {"double": 0, "count": {0, 1}}
STATUS = None
DOUBLE = """
import _imp
import sys
import threading

sys.setswitchinterval(1000)

def hold():
    _imp.acquire_lock()
    while True:
        pass

def double(x):
    threading.Thread(target=hold, daemon=True).start()
    return x
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
