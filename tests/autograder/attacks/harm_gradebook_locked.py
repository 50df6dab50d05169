"""Locks the gradebook wherever it finds one, and waits.

The gradebook is not in the sandbox.
"""

from tests.autograder.attacks.tools import BOXED, answered, write

KIND = "harm"
ITEM = "the grader's own files"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = (
    BOXED
    + """
import sqlite3
import time

until = time.monotonic() + 1
for up in range(7):
    for place, folders, names in os.walk(os.path.join(*[".."] * up, ".")):
        if time.monotonic() > until:
            break
        in_toy_course = os.path.isdir(os.path.join(place, "..", "solutions", "toy"))
        if "gradebook.db" in names and in_toy_course:
            with suppress(sqlite3.Error):
                book = sqlite3.connect(os.path.join(place, "gradebook.db"), timeout=0.1)
                book.execute("BEGIN EXCLUSIVE")

def double(x):
    return x
"""
)


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
