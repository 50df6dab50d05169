"""Writes a file into every folder of the system that takes one.

All but sized temporary folders is read-only, and these go away.
"""

from tests.autograder.attacks.tools import BOXED, answered, write

KIND = "harm"
ITEM = "files"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = (
    BOXED
    + """
import sys

for folder in ("/", "/etc", "/usr", "/usr/local/bin", "/var", "/root", "/home", "/opt",
               "/tmp", "/var/tmp", "/dev/shm", "/run", os.path.expanduser("~"), *sys.path):
    with suppress(OSError), open(os.path.join(folder or ".", "left-behind.txt"), "x") as file:
        file.write("left-behind")

def double(x):
    return x
"""
)


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
