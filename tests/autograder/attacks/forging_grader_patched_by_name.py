"""Imports the grader, and replaces whatever scores.

The grader is not there; where it runs, no code of a student's does.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "forging"
ITEM = "imports by name"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = """
def double(x):
    return x


import importlib

for name in ("autograder.grader", "autograder.results", "autograder.grading",
             "nbgrader.utils", "nbgrader.preprocessors.saveautogrades", "nbgrader.api"):
    try:
        module = importlib.import_module(name)
        for attribute in ("determine_grade", "QuestionResult", "grade_task", "grade"):
            if hasattr(module, attribute):
                setattr(module, attribute, lambda *args, **kwargs: (3.0, 3.0))
    except BaseException:
        pass
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
