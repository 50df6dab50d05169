"""Reads the notebooks of all other students.

No other submission is in the sandbox.
"""

from tests.autograder.attacks.tools import SEARCH, answered, write

KIND = "reading"
ITEM = "other submissions"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = (
    SEARCH
    + """
for up in range(7):
    for folder in ("submitted", "classroom/submitted", "autograded", "classroom/autograded",
                   "feedback", "classroom/feedback", "exchange", "."):
        place = os.path.join(*[".."] * up, ".", folder)
        try:
            students = os.listdir(place)
        except OSError:
            continue
        for student in students[:500]:
            search_file(os.path.join(place, student, "toy", "toy.ipynb"))
            search_file(os.path.join(place, student, "toy.ipynb"))

def double(x):
    raise ValueError(tell())

tell()
"""
)


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
