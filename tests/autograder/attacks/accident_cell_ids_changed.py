"""Every cell has a new id, and the answers carry a new name of the editor's.

Ids mean nothing; the grade_id counts: full marks.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "accident"
ITEM = "renamed cells"
SCORES = {"double": 3, "count": 1}
STATUS = "graded"


def hand_in(folder, released):
    notebook = answered(released)
    for number, cell in enumerate(notebook["cells"]):
        cell["id"] = f"new-{number}"
        cell["metadata"]["name"] = "My answer"
    write(folder, notebook)
