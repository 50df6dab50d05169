"""A file called numpy.py, with the student's experiments, lies beside the notebook.

It shadows nothing: full marks.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "accident"
ITEM = "a file named numpy.py"
SCORES = {"double": 3, "count": 1}
STATUS = "graded"


def hand_in(folder, released):
    write(folder, answered(released))
    write(folder, "print('my numbers')\n", "numpy.py")
    write(folder, "import numpy\n", "random.py")
    write(folder, "", "torch/__init__.py")
