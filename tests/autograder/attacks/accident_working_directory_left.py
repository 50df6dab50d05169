"""A cell changes the working directory, and closes the output.

Full marks.
"""

from tests.autograder.attacks.tools import answered, with_own_cell, write

KIND = "accident"
ITEM = "everyday mistakes"
SCORES = {"double": 3, "count": 1}
STATUS = "graded"
OWN = """
import os
import sys

os.chdir("/tmp")
sys.stdout.close()
sys.stderr = open(os.devnull, "w")
"""


def hand_in(folder, released):
    write(folder, with_own_cell(answered(released), OWN))
