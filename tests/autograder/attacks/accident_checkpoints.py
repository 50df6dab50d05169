"""A checkpoint folder, and older versions, lie beside the notebook.

Only the notebook counts: full marks.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "accident"
ITEM = "renamed cells"
SCORES = {"double": 3, "count": 1}
STATUS = "graded"


def hand_in(folder, released):
    write(folder, answered(released))
    write(folder, released, ".ipynb_checkpoints/toy-checkpoint.ipynb")
    write(folder, released, "toy_old.ipynb")
    write(folder, released, "Toy.ipynb.bak")
