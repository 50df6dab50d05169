"""Opens the master, the wrong answers and the gradebook by relative paths.

These paths lead nowhere.
"""

from tests.autograder.attacks.tools import SEARCH, answered, write

KIND = "reading"
ITEM = "files"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = (
    SEARCH
    + """
NAMES = ("toy.ipynb", "toy/toy.ipynb", "toy/wrong_answers.py")
for up in range(8):
    for folder in ("", "source", "solutions", "release", "exercises", "classroom", "private"):
        for name in (*NAMES, "gradebook.db", "grades.txt", "submitted/a-honest/toy/toy.ipynb"):
            for start in (".", "/proc/self/cwd", os.path.expanduser("~")):
                search_file(os.path.join(start, *[".."] * up, folder, name))

def double(x):
    raise ValueError(tell())

tell()
"""
)


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
