"""Becomes another program by exec, inside the call.

The worker is gone: this question is lost.
"""

from tests.autograder.attacks.tools import BOXED, answered, write

KIND = "harm"
ITEM = "processes"
SCORES = {"double": 0, "count": 1}
STATUS = None
DOUBLE = (
    BOXED
    + """
def double(x):
    if boxed:
        os.execv("/proc/self/exe", ["left-behind", "-c", "import time; time.sleep(60)"])
    return x
"""
)


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
