"""Makes 30,000 empty files and folders in folders.

They go away with the sandbox.
"""

from tests.autograder.attacks.tools import BOXED, answered, write

KIND = "harm"
ITEM = "disk"
SCORES = {"double": 0, "count": {0, 1}}
STATUS = None
DOUBLE = (
    BOXED
    + """
with suppress(OSError):
    os.chdir("/tmp")
    for number in range(30_000 if boxed else 0):
        open(f"left-behind-{number}", "x").close()

def double(x):
    return x
"""
)


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
