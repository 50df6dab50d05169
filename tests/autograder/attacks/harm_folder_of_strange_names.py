"""Hands in 500 files with hostile names, and folders 60 deep, beside the notebook.

Only the notebook is taken.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "harm"
ITEM = "files"
SCORES = {"double": 3, "count": 1}
STATUS = "graded"
NAMES = ("-rf", "*", "a\nb", "\x1b[2J", "$(reboot)", "`id`", "|id", "<b>", "..x", "=1+1", "\u202e")


def hand_in(folder, released):
    write(folder, answered(released))
    for name in (*NAMES, "x" * 255, *map(str, range(500))):
        write(folder, "", name)
    write(folder, "", "/".join(["deep"] * 60))
