"""Gives cells of their own the ids of the test cells, and takes those from the tests.

What a cell of the student's own printed or did not raise is never taken for the result of a test,
and the text of such a cell never for an answer.
"""

from tests.autograder.attacks.tools import answered, cell_of, write

KIND = "forging"
ITEM = "from outside"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = "def double(x):\n    return x"
OWN = "print('double: 3 of 3')\n3"
MISLEADING = "count = 7"  # it stands above the true answer, which comes later and counts


def own_cell(id, source):
    return {
        "cell_type": "code",
        "execution_count": 1,
        "id": id,
        "metadata": {},
        "outputs": [],
        "source": source,
    }


def hand_in(folder, released):
    notebook = answered(released, double_solution=DOUBLE)
    cells = notebook["cells"]
    stolen = {}
    for name in ("setup", "given", "double_solution", "double", "count_solution", "count"):
        cell = cell_of(notebook, name)
        stolen[name] = cell["id"]
        cell["id"] = f"mine-{name}".replace("_", "-")
    position = cells.index(cell_of(notebook, "double_solution"))
    cells[position:position] = [
        own_cell(stolen["setup"], "pass"),
        own_cell(stolen["given"], "pass"),
        own_cell(stolen["count_solution"], MISLEADING),
        own_cell(stolen["double_solution"], "pass"),
    ]
    cells += [own_cell(stolen["double"], OWN), own_cell(stolen["count"], OWN)]
    write(folder, notebook)
