"""The answer's cell and its test stand there twice, unchanged.

Equal copies change nothing.
"""

import json

from tests.autograder.attacks.tools import answered, cell_of, write

KIND = "accident"
ITEM = "copied cells"
SCORES = {"double": 3, "count": 1}
STATUS = "graded"


def hand_in(folder, released):
    notebook = answered(released)
    for name in ("double_solution", "double"):
        copy = json.loads(json.dumps(cell_of(notebook, name)))
        notebook["cells"].append(copy | {"id": f"copy-of-{name}".replace("_", "-")})
    write(folder, notebook)
