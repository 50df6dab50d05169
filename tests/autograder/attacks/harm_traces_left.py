"""Leaves files, shared memory and sockets for the next student to find.

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
import ctypes
import socket

for folder in ("/tmp", "/var/tmp", "/dev/shm", "/run", os.path.expanduser("~")):
    with suppress(OSError), open(os.path.join(folder, "traces-of-a-student"), "x") as file:
        file.write("2 * x")
with suppress(OSError):
    if boxed:
        ctypes.CDLL(None).shmget(0x70726E6E, 4096, 0o1666)
trace = socket.socket(socket.AF_UNIX)
with suppress(OSError):
    trace.bind("\0traces-of-a-student")

def double(x):
    return x
"""
)


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
