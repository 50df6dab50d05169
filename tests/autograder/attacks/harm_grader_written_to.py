"""Opens the grader's own code, journal and results for writing.

They are not in the sandbox.
"""

from tests.autograder.attacks.tools import BOXED, answered, write

KIND = "harm"
ITEM = "the grader's own files"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
LEAKS = ("can write",)
DOUBLE = (
    BOXED
    + """
import importlib.util
import time

until = time.monotonic() + 1.5
open_ones = []
found = []
for name in ("autograder", "nbgrader", "nbconvert"):
    with suppress(Exception):
        found.append(importlib.util.find_spec(name).origin)
for up in range(7):
    for place, folders, names in os.walk(os.path.join(*[".."] * up, ".")):
        if time.monotonic() > until:
            break
        for name in names:
            if name in ("gradebook.db", "results.json", "nbgrader_config.py", "toy.csv"):
                found.append(os.path.join(place, name))
for path in found:
    with suppress(OSError), open(path, "r+"):
        open_ones.append(path)
print("can" + " write" if open_ones else "")

def double(x):
    return x
"""
)


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
