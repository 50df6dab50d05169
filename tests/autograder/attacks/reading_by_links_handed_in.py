"""Hands in links to the solutions beside the notebook, and reads through them.

Only the notebook is taken, and no link is followed.
"""

import os

from tests.autograder.attacks.tools import SEARCH, answered, write

KIND = "reading"
ITEM = "files"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = (
    SEARCH
    + """
for name in ("data", "master.ipynb", "beside.txt", "everything"):
    search_file(name)
    search_tree(name)

def double(x):
    raise ValueError(tell())

tell()
"""
)


def hand_in(folder, released):
    notebook = answered(released, double_solution=DOUBLE)
    write(folder, notebook)
    for name, target in (
        ("data", "../../../../solutions"),
        ("master.ipynb", "../../../../solutions/toy/toy.ipynb"),
        ("beside.txt", "../../../../../private/grades.txt"),
        ("everything", "/"),
    ):
        os.symlink(target, folder / name)
