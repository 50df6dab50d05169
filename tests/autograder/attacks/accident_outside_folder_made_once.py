"""A cell makes a folder for its results, and the other answer loops, so that all cells run again.

The cells that run again find the world as it was at the first time: mkdir does not fail, and the
right answer that stands below keeps its mark.
"""

from tests.autograder.attacks.tools import answered, with_own_cell, write

KIND = "accident"
ITEM = "from outside"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
OWN = """
import os
import tempfile

results = os.path.join(tempfile.gettempdir(), "results")
os.mkdir(results)
with open(os.path.join(results, "entries.txt"), "x") as file:
    file.write("6")

def entries():
    with open(os.path.join(results, "entries.txt")) as file:
        return int(file.read())
"""
DOUBLE = """
def double(x):
    row = 0
    while row < len(x):
        x[row] = 2 * x[row]
    return x
"""
COUNT = "count = entries()"


def hand_in(folder, released):
    notebook = answered(released, double_solution=DOUBLE, count_solution=COUNT)
    write(folder, with_own_cell(notebook, OWN))
