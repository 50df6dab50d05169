"""The file has no newline at its end, and Windows' line ends in it.

Full marks.
"""

import json

from tests.autograder.attacks.tools import answered, write

KIND = "accident"
ITEM = "no newline"
SCORES = {"double": 3, "count": 1}
STATUS = "graded"


def hand_in(folder, released):
    notebook = answered(released, double_solution="def double(x):\r\n    return 2 * x")
    write(folder, json.dumps(notebook, indent=1).replace("\n", "\r\n"))
