"""A cell saves its experiments as numpy.py in the working directory.

It shadows nothing: full marks.
"""

from tests.autograder.attacks.tools import answered, with_own_cell, write

KIND = "accident"
ITEM = "a file named numpy.py"
SCORES = {"double": 3, "count": 1}
STATUS = "graded"
OWN = """
try:
    with open("numpy.py", "w") as file:
        file.write("print('my numbers')")
except OSError:
    pass
import numpy
"""


def hand_in(folder, released):
    write(folder, with_own_cell(answered(released), OWN))
