"""Hands in an nbgrader_config.py and an ipython_config.py.

Configuration is read from the course's folder alone.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "forging"
ITEM = "start-up files"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
CONFIG = """
c = get_config()
c.Autograde.autograde_preprocessors = []
c.Execute.allow_errors = True
c.IPKernelApp.exec_lines = ["import rnncore.checking.comparing as c; c._compare = print"]
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution="def double(x):\n    return x"))
    for name in ("nbgrader_config.py", "ipython_config.py", "ipython_kernel_config.py"):
        write(folder, CONFIG, name)
    write(folder, CONFIG, "solutions/toy/wrong_answers.py")
