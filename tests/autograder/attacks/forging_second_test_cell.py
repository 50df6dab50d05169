"""Adds a second test cell of the same grade_id, which passes.

Copies of test cells are dropped, wherever they stand.
"""

import json

from tests.autograder.attacks.tools import answered, cell_of, write

KIND = "forging"
ITEM = "metadata and tags"
SCORES = {"double": 0, "count": 1}
STATUS = None


def hand_in(folder, released):
    notebook = answered(released, double_solution="def double(x):\n    return x")
    for end in (0, len(notebook["cells"]) + 1):
        copy = json.loads(json.dumps(cell_of(notebook, "double")))
        notebook["cells"].insert(end, copy | {"source": "3", "id": f"copy-{end}"})
    write(folder, notebook)
