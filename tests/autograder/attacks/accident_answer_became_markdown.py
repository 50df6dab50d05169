"""The type of the answer's cell was changed to markdown by a slip of the keyboard.

Its text is an answer all the same, or none: the other question keeps its point.
"""

from tests.autograder.attacks.tools import answered, cell_of, write

KIND = "accident"
ITEM = "renamed cells"
SCORES = {"double": {0, 3}, "count": 1}
STATUS = None


def hand_in(folder, released):
    notebook = answered(released)
    cell = cell_of(notebook, "double_solution")
    cell["cell_type"] = "markdown"
    del cell["outputs"], cell["execution_count"]
    write(folder, notebook)
