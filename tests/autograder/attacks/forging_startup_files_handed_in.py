"""Hands in sitecustomize.py, usercustomize.py and a .pth file.

No interpreter starts in the folder that was handed in.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "forging"
ITEM = "start-up files"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
HOOK = """
import builtins
try:
    import rnncore.checking.comparing as comparing
    comparing._compare = lambda *args: None
except Exception:
    pass
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution="def double(x):\n    return x"))
    write(folder, HOOK, "sitecustomize.py")
    write(folder, HOOK, "usercustomize.py")
    write(folder, "import sitecustomize\n", "toy.pth")
