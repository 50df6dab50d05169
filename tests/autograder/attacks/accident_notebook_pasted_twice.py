"""All cells are pasted once more below, with the same ids.

Equal copies change nothing.
"""

import json

from tests.autograder.attacks.tools import answered, write

KIND = "accident"
ITEM = "copied cells"
SCORES = {"double": 3, "count": 1}
STATUS = "graded"


def hand_in(folder, released):
    notebook = answered(released)
    notebook["cells"] += json.loads(json.dumps(notebook["cells"]))
    write(folder, notebook)
