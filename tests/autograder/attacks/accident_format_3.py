"""The notebook was saved in the format of 2014, version 3.

It is converted, or a person looks.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "accident"
ITEM = "old or future schema"
SCORES = {"double": {0, 3, None}, "count": {0, 1, None}}
STATUS = None


def hand_in(folder, released):
    notebook = answered(released)
    for cell in notebook["cells"]:
        cell.pop("id")
        if cell["cell_type"] == "code":
            cell |= {"input": cell.pop("source"), "language": "python", "prompt_number": 1}
            cell.pop("execution_count")
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": "toy"}}
    write(folder, old | {"worksheets": [{"cells": notebook["cells"], "metadata": {}}]})
