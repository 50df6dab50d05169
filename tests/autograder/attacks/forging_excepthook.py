"""Replaces the hooks that report errors, and ends the process well.

A failing check raises where the student has no hook.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "forging"
ITEM = "frames"
SCORES = {"double": 0, "count": {0, 1}}
STATUS = None
DOUBLE = """
def double(x):
    return x


import os
import sys
import threading

sys.excepthook = sys.unraisablehook = lambda *args: os._exit(0)
threading.excepthook = lambda *args: None
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
