"""Hands in json.py, re.py, nbgrader.py and more beside the notebook.

Only the notebook is taken from the folder that was handed in.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "forging"
ITEM = "working-directory shadowing"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
NAMES = ("json", "re", "nbgrader", "IPython", "autograder", "traceback", "random", "msgpack")


def hand_in(folder, released):
    write(folder, answered(released, double_solution="def double(x):\n    return x"))
    for name in NAMES:
        write(folder, "import os\nos._exit(0)\n", f"{name}.py")
