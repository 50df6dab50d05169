"""Writes .pth files, caches and modules where the next student's Python would look.

These folders are read-only, or fresh for each worker.
"""

from tests.autograder.attacks.tools import BOXED, answered, write

KIND = "harm"
ITEM = "the next student"
SCORES = {"double": 0, "count": {0, 1}}
STATUS = None
LEAKS = ("can poison",)
DOUBLE = (
    BOXED
    + """
import site
import sys

folders = [*sys.path, *site.getsitepackages(), site.getusersitepackages(), "/tmp", "."]
poisoned = False
for folder in folders:
    for name in ("left-behind.pth", "__pycache__/left-behind.pyc"):
        path = os.path.join(folder or ".", name)
        with suppress(OSError):
            if boxed:
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(path, "x") as file:
                    file.write("import this")
                poisoned |= "site-packages" in path and not path.startswith(os.path.expanduser("~"))
print("can" + " poison" if poisoned else "")

def double(x):
    return x
"""
)


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
