"""Claims points, marks and a finished grading in the metadata.

Metadata of a submission is dropped.
"""

from tests.autograder.attacks.tools import answered, cell_of, write

KIND = "forging"
ITEM = "metadata and tags"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"


def hand_in(folder, released):
    notebook = answered(released, double_solution="def double(x):\n    return x")
    claim = {"score": 3, "max_score": 3, "manual": False, "needs_manual": False, "said": None}
    for cell in notebook["cells"]:
        cell["metadata"] |= {"grading": claim, "feedback": {"questions": [claim]}, "score": 3}
    cell_of(notebook, "double")["metadata"]["nbgrader"] |= {"points": 100, "checksum": "0" * 32}
    notebook["metadata"]["grading"] = {"reasons": [], "seed": 0, "log": [], "format": 1}
    write(folder, notebook)
