"""Leaves a process of a session of its own, which sleeps on.

It dies with the sandbox.
"""

from tests.autograder.attacks.tools import BOXED, answered, write

KIND = "harm"
ITEM = "processes"
SCORES = {"double": {0, 3}, "count": 1}
STATUS = None
DOUBLE = (
    BOXED
    + """
import time

if boxed and os.fork() == 0:
    os.setsid()
    if os.fork():
        os._exit(0)
    name_process()
    for number in range(256):
        with suppress(OSError):
            os.close(number)
    time.sleep(300)
    os._exit(0)

def double(x):
    return 2 * x
"""
)


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
