"""Adds 200 cells that sleep for 4 seconds each, below any limit of one cell.

All cells together have a limit; the run does not take the 13 minutes, nor three times as long.
"""

from tests.autograder.attacks.tools import LOST, answered, with_own_cell, write

KIND = "harm"
ITEM = "from outside"
SCORES = {"double": {*LOST, 3}, "count": {*LOST, 1}}
STATUS = None
NAP = "import time\n\ntime.sleep(4)"


def hand_in(folder, released):
    notebook = answered(released)
    for number in range(200):
        with_own_cell(notebook, f"{NAP}  # {number}")
        position = next(i for i, c in enumerate(notebook["cells"]) if c.get("id") == "own-cell")
        notebook["cells"][position]["id"] = f"own-cell-{number}"
    write(folder, notebook)
