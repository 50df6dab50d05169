"""Gives cells of their own grade_ids, tags and nbgrader entries that are lists, dicts and numbers.

Such a cell is one that the student added, whatever its metadata hold; the right answers count.
"""

import json

from tests.autograder.attacks.tools import answered, cell_of, write

KIND = "harm"
ITEM = "from outside"
SCORES = {"double": 3, "count": 1}
STATUS = "graded"
GRADE_IDS = (["double"], {"double": 1}, True, 0, -1.5, None, "", " double ", "DOUBLE", "double\n")
METADATA = (
    *({"nbgrader": {"grade_id": each, "solution": True, "locked": []}} for each in GRADE_IDS),
    *({"nbgrader": each} for each in (None, [], [["grade_id", "double"]], "grade_id", 7, True)),
    *({"tags": each} for each in ("setup", {"setup": 1}, [["setup"]], [{}], 7, None, True)),
    {"nbgrader": {"grade_id": "own", "solution": [], "grade": {}, "points": {}}},
    {"nbgrader": {"schema_version": {}, "checksum": [], "cell_type": {}, "task": "no"}},
    {"course": ["novel"], "nbgrader": {}},
)


def hand_in(folder, released):
    notebook = answered(released)
    position = notebook["cells"].index(cell_of(notebook, "double"))
    notebook["cells"][position:position] = [
        {
            "cell_type": "code",
            "execution_count": None,
            "id": f"own-{number}",
            "metadata": json.loads(json.dumps(metadata)),
            "outputs": [],
            "source": "",
        }
        for number, metadata in enumerate(METADATA)
    ]
    write(folder, notebook)
