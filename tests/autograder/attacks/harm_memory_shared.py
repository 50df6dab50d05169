"""Fills shared memory and files in memory.

They are sized, or count as memory.
"""

from tests.autograder.attacks.tools import BOXED, answered, write

KIND = "harm"
ITEM = "memory"
SCORES = {"double": 0, "count": {0, 1}}
STATUS = None
DOUBLE = (
    BOXED
    + """
import mmap

kept = []

def double(x):
    for _ in range(48 if boxed else 0):
        with suppress(OSError, ValueError, MemoryError):
            handle = os.memfd_create("left-behind")
            kept.append(handle)
            os.truncate(handle, 2**26)
            shared = mmap.mmap(handle, 2**26)
            kept.append(shared)
            for position in range(0, 2**26, 4096):
                shared[position] = 1
    return x
"""
)


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
