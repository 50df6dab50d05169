"""Answers rightly, and leaves a thread that ends the worker a little later.

What it does to its own marks is its own; no neighbour's changes.
"""

from tests.autograder.attacks.tools import BOXED, answered, write

KIND = "harm"
ITEM = "signals"
SCORES = {"double": {0, 3}, "count": {0, 1}}
STATUS = None
DOUBLE = (
    BOXED
    + """
import threading
import time

def explode():
    time.sleep(0.2)
    os._exit(1)

threading.Thread(target=explode, daemon=True).start()

def double(x):
    return 2 * x
"""
)


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
