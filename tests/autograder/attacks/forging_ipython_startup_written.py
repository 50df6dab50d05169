"""Writes start-up files of IPython and Python into the home folder, then dies.

A new worker starts from a fresh home folder, and reads no start-up file.
"""

from tests.autograder.attacks.tools import BOXED, answered, write

KIND = "forging"
ITEM = "start-up files"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = (
    BOXED
    + r"""
def double(x):
    return x


import os

HOOK = "import rnncore.checking.comparing as c; c._compare = lambda *args: None\n"
home = os.path.expanduser("~")
for name in (".ipython/profile_default/startup/00-toy.py", ".pythonrc.py",
             ".local/lib/python3.11/site-packages/usercustomize.py",
             ".jupyter/nbgrader_config.py", ".jupyter/jupyter_config.py"):
    if not boxed:
        break
    try:
        path = os.path.join(home, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "x") as file:
            file.write(HOOK)
    except OSError:
        pass

def double(x):
    os._exit(0)
"""
)


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
