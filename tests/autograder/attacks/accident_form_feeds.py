"""Form feeds, tabs and carriage returns stand between the lines.

Python reads them: full marks.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "accident"
ITEM = "everyday mistakes"
SCORES = {"double": 3, "count": 1}
STATUS = "graded"


def hand_in(folder, released):
    write(folder, answered(released, double_solution="\fdef double(x):\r\n\treturn 2 * x\r"))
