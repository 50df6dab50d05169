"""Searches all files below the working directory and the six folders above it.

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
for up in range(7):
    search_tree(os.path.normpath(os.path.join(os.getcwd(), *[".."] * up)))

def double(x):
    raise ValueError(tell())

tell()
"""
)


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
