"""Reads the kernel's history of cells, in memory and on the disk.

Test cells do not run where the student's do.
"""

from tests.autograder.attacks.tools import SEARCH, answered, write

KIND = "reading"
ITEM = "history"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = (
    SEARCH
    + """
import sqlite3

for name in ("In", "_ih", "_oh", "Out", "_i", "_ii"):
    search(repr(globals().get(name)).encode())
try:
    search(repr(list(get_ipython().history_manager.get_range())).encode())
except Exception:
    pass
for name in (".ipython/profile_default/history.sqlite", ".python_history", ".bash_history"):
    search_file(os.path.join(os.path.expanduser("~"), name))

def double(x):
    search(repr(globals().get("In")).encode())
    search(repr(globals().get("_ih")).encode())
    raise ValueError(tell())
"""
)


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
