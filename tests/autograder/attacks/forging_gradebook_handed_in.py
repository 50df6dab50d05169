"""Hands in a gradebook.db and a journal beside the notebook.

Only the notebook is taken from the folder that was handed in.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "forging"
ITEM = "SQLite"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"


def hand_in(folder, released):
    write(folder, answered(released, double_solution="def double(x):\n    return x"))
    write(folder, b"SQLite format 3\x00" + bytes(4080), "gradebook.db")
    write(folder, '{"double": 3, "count": 1}', "journal.json")
    write(folder, '{"double": 3, "count": 1}', "inputs.sha256")
