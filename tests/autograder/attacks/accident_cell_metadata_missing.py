"""Cells without metadata, and cells that are no cells, stand among the others.

What is a cell is read, or a person looks.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "accident"
ITEM = "old or future schema"
SCORES = {"double": {0, 3, None}, "count": {0, 1, None}}
STATUS = None


def hand_in(folder, released):
    notebook = answered(released)
    notebook["cells"] += [{"cell_type": "code", "source": "1"}, None, 6, "cell", [], {}]
    write(folder, notebook)
