"""Leaves a process that holds every descriptor open, so that nobody sees an end.

The run goes on when the worker ends, not when its pipes do.
"""

from tests.autograder.attacks.tools import BOXED, answered, write

KIND = "harm"
ITEM = "processes"
SCORES = {"double": 0, "count": {0, 1}}
STATUS = None
DOUBLE = (
    BOXED
    + """
import time

def double(x):
    if boxed and os.fork() == 0:
        name_process()
        time.sleep(300)
        os._exit(0)
    os._exit(0)
"""
)


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
