"""Points and scores in the metadata are NaN and infinite.

Points come from the master: full marks, or a person looks.
"""

from tests.autograder.attacks.tools import answered, cell_of, write

KIND = "accident"
ITEM = "NaN as a score"
SCORES = {"double": {0, 3, None}, "count": {0, 1, None}}
STATUS = None


def hand_in(folder, released):
    notebook = answered(released)
    points = cell_of(notebook, "double")["metadata"]["nbgrader"]
    points["points"] = float("inf")
    cell_of(notebook, "count")["metadata"]["nbgrader"] |= {"points": float("nan"), "score": "3"}
    write(folder, notebook)
