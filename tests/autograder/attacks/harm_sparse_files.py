"""Makes files of a terabyte that hold nothing.

The size of a file is limited.
"""

from tests.autograder.attacks.tools import BOXED, answered, write

KIND = "harm"
ITEM = "disk"
SCORES = {"double": 0, "count": {0, 1}}
STATUS = None
DOUBLE = (
    BOXED
    + """
for folder in (".", "/tmp", "/dev/shm"):
    with suppress(OSError), open(os.path.join(folder, "left-behind-sparse"), "xb") as file:
        if boxed:
            file.truncate(2**40)

def double(x):
    return x
"""
)


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
