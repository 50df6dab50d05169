"""Reads the environment and the command line of every process.

Only its own processes are to be seen.
"""

from tests.autograder.attacks.tools import SEARCH, answered, write

KIND = "reading"
ITEM = "environment"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = (
    SEARCH
    + """
for process in os.listdir("/proc"):
    for name in ("environ", "cmdline", "auxv", "stack", "task/" + process + "/environ"):
        search_file(f"/proc/{process}/{name}")

def double(x):
    raise ValueError(tell())

tell()
"""
)


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
