"""Searches the whole disk, and what is mounted, for notebooks and data.

Nothing of the course is there.
"""

from tests.autograder.attacks.tools import SEARCH, answered, write

KIND = "reading"
ITEM = "files"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = (
    SEARCH
    + """
for root in ("/home", "/root", "/tmp", "/var", "/srv", "/opt", "/mnt", "/run", "/"):
    search_tree(root, seconds=1.5)

def double(x):
    raise ValueError(tell())

tell()
"""
)


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
