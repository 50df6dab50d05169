"""The notebook was saved by an editor of the future, in format 4.99.

What is known is read: full marks, or a person looks.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "accident"
ITEM = "old or future schema"
SCORES = {"double": {0, 3, None}, "count": {0, 1, None}}
STATUS = None


def hand_in(folder, released):
    notebook = answered(released) | {"nbformat_minor": 99, "theme": {"dark": True}}
    for cell in notebook["cells"]:
        cell["collaborators"] = ["a", "b"]
    write(folder, notebook)
