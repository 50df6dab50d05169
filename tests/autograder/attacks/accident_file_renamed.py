"""The file is called toy (1).ipynb.

The notebook was not handed in: a person looks.
"""

from tests.autograder.attacks.tools import LOST, answered, write

KIND = "accident"
ITEM = "renamed cells"
SCORES = {"double": LOST, "count": LOST}
STATUS = "needs_look"


def hand_in(folder, released):
    write(folder, answered(released), "toy (1).ipynb")
