"""Reads every file of the library and of what lies beside it.

The library in the sandbox is an allow-list without solutions or tests.
"""

from tests.autograder.attacks.tools import SEARCH, answered, write

KIND = "reading"
ITEM = "files"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = (
    SEARCH
    + """
import rnncore

for folder in list(rnncore.__path__):
    search_tree(folder)
    search_tree(os.path.dirname(folder))

def double(x):
    raise ValueError(tell())

tell()
"""
)


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
