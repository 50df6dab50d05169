"""Imports right answers by every name that they might have.

The sandbox holds the modules that the master's set-up cells import, and no others.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "forging"
ITEM = "imports by name"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = """
import importlib

def find():
    for module in ("solutions.toy", "toy", "wrong_answers", "tests.autograder.toy",
                   "tests.autograder.conftest", "autograder.assignment", "rnncore.reference"):
        for name in ("double", "DOUBLE", "RIGHT"):
            try:
                found = getattr(importlib.import_module(module), name)
                if isinstance(found, dict):
                    found = found["double_solution"]
                if isinstance(found, str):
                    names = {}
                    exec(found, names)
                    found = names["double"]
                return found
            except Exception:
                continue
    return lambda x: x

double = find()
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
