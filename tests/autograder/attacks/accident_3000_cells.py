"""The notebook has 3,000 empty cells, from a key that stuck.

Full marks, or a person looks.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "accident"
ITEM = "a cell of 1 MB"
SCORES = {"double": 3, "count": 1}
STATUS = None


def hand_in(folder, released):
    notebook = answered(released)
    empty = {"cell_type": "code", "metadata": {}, "source": "", "outputs": []}
    notebook["cells"] += [empty | {"id": f"e{n}", "execution_count": None} for n in range(3000)]
    write(folder, notebook)
