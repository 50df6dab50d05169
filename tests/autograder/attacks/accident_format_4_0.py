"""The notebook was saved in format 4.0: no cell has an id.

Ids mean nothing: full marks.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "accident"
ITEM = "old or future schema"
SCORES = {"double": 3, "count": 1}
STATUS = "graded"


def hand_in(folder, released):
    notebook = answered(released) | {"nbformat_minor": 0}
    for cell in notebook["cells"]:
        del cell["id"]
    write(folder, notebook)
