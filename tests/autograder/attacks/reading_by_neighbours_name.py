"""Imports and opens what a neighbour might have left in shared folders.

Temporary folders are fresh for each worker.
"""

from tests.autograder.attacks.tools import SEARCH, answered, write

KIND = "reading"
ITEM = "other submissions"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
LEAKS = ("found-what-a-student-left",)
DOUBLE = (
    SEARCH
    + """
for folder in ("/tmp", "/var/tmp", "/dev/shm", "/dev/mqueue", "/run", os.path.expanduser("~")):
    search_tree(folder)
    try:
        for name in os.listdir(folder):
            if "traces-of-a-student" in name:
                loot.add("found" + "-what-a-student-left")
    except OSError:
        pass
try:
    import ctypes
    if ctypes.CDLL(None).shmget(0x70726E6E, 4096, 0) >= 0:
        loot.add("found" + "-what-a-student-left")
except OSError:
    pass

def double(x):
    raise ValueError(tell())

tell()
"""
)


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
