"""Looks on the disk for a notebook with the solution, and runs its cell.

The master is not in the sandbox.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "forging"
ITEM = "imports by name"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = """
import json
import os
import time

def find():
    until = time.monotonic() + 1
    folder = os.getcwd()
    for root in [os.path.normpath(os.path.join(folder, *[".."] * up)) for up in range(6)]:
        for place, folders, names in os.walk(root):
            if time.monotonic() > until:
                return None
            for name in names:
                if name != "toy.ipynb":
                    continue
                try:
                    with open(os.path.join(place, name)) as file:
                        cells = json.load(file)["cells"]
                except Exception:
                    continue
                for cell in cells:
                    source = "".join(cell["source"])
                    if "BEGIN" + " SOLUTION" in source and "def double" in source:
                        return source
    return None

source = find()
if source is None:
    def double(x):
        return x
else:
    exec(source)
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
