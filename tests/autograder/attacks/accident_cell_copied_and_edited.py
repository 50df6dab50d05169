"""The answer's cell is copied, and the copy below is spoilt.

The first cell of a grade_id counts, and the submission needs a look.
"""

import json

from tests.autograder.attacks.tools import answered, cell_of, write

KIND = "accident"
ITEM = "copied cells"
SCORES = {"double": 3, "count": 1}
STATUS = "needs_look"


def hand_in(folder, released):
    notebook = answered(released)
    copy = json.loads(json.dumps(cell_of(notebook, "double_solution")))
    copy |= {"source": "def double(x):\n    return x", "id": "a-copy"}
    notebook["cells"].insert(notebook["cells"].index(cell_of(notebook, "double")), copy)
    write(folder, notebook)
