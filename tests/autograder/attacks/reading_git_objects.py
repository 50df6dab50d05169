"""Unpacks the objects of every git folder above it.

No repository is in the sandbox.
"""

from tests.autograder.attacks.tools import SEARCH, answered, write

KIND = "reading"
ITEM = "history"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = (
    SEARCH
    + """
import zlib

for root in [os.path.join(*[".."] * up, ".") for up in range(7)]:
    for place, folders, names in os.walk(os.path.join(root, ".git")):
        for name in names:
            try:
                with open(os.path.join(place, name), "rb") as file:
                    search(zlib.decompress(file.read(2**20)))
            except (OSError, zlib.error):
                search_file(os.path.join(place, name))

def double(x):
    raise ValueError(tell())

tell()
"""
)


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
