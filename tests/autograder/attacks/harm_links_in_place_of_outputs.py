"""Puts links where results may be written, pointing out of the sandbox.

Results are written by the grader into folders that no student reaches.
"""

from tests.autograder.attacks.tools import BOXED, answered, write

KIND = "harm"
ITEM = "the grader's own files"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = (
    BOXED
    + """
for name in ("toy.html", "toy.csv", "results.json", "gradebook.db", "feedback", "out"):
    with suppress(OSError):
        os.symlink("/etc/left-behind.txt", name)
    with suppress(OSError):
        os.symlink("/etc/left-behind.txt", os.path.join("/tmp", name))
with suppress(OSError):
    if boxed:
        os.remove("toy.ipynb")
        os.symlink("/etc/passwd", "toy.ipynb")

def double(x):
    return x
"""
)


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
