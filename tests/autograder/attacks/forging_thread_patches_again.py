"""Leaves a thread that replaces check again and again.

The thread reaches nothing but the student's side.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "forging"
ITEM = "threads"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = """
def double(x):
    return x


import sys
import threading
import time

def patch():
    until = time.monotonic() + 30
    while time.monotonic() < until:
        for name, module in list(sys.modules.items()):
            if name == "__main__" or name.startswith("rnncore"):
                if "check" in getattr(module, "__dict__", {}):
                    module.check = lambda *args, **kwargs: None
        time.sleep(0.001)

threading.Thread(target=patch, daemon=True).start()
time.sleep(0.05)
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
