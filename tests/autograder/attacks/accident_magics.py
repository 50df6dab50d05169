"""Cells of the student's own use magics and shell commands.

They fail, and cost nothing.
"""

from tests.autograder.attacks.tools import answered, with_own_cell, write

KIND = "accident"
ITEM = "everyday mistakes"
SCORES = {"double": 3, "count": 1}
STATUS = "graded"
OWN = """
%matplotlib inline
!pip install numpy
import seaborn as sns
"""


def hand_in(folder, released):
    write(folder, with_own_cell(answered(released), OWN))
