"""Takes locks and sockets with names that a grader may need.

Each worker has folders and names of its own.
"""

from tests.autograder.attacks.tools import BOXED, answered, write

KIND = "harm"
ITEM = "the next student"
SCORES = {"double": 0, "count": {0, 1}}
STATUS = None
DOUBLE = (
    BOXED
    + r"""
import fcntl
import socket

kept = []
for name in ("\0grader", "\0nbgrader", "\0toy"):
    with suppress(OSError):
        kept.append(socket.socket(socket.AF_UNIX))
        kept[-1].bind(name)
for name in ("/tmp/toy.lock", "/dev/shm/toy.lock", __import__("sys").executable, "."):
    with suppress(OSError):
        kept.append(open(name))
        fcntl.flock(kept[-1], fcntl.LOCK_EX | fcntl.LOCK_NB)

def double(x):
    return x
"""
)


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
