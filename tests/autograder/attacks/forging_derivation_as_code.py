"""Turns the derivation, which a person marks, into code that prints a mark.

A manual cell is text: nothing runs it, and no machine marks it.
"""

from tests.autograder.attacks.tools import answered, cell_of, write

KIND = "forging"
ITEM = "metadata and tags"
SCORES = {"double": 3, "count": 1}
STATUS = None


def hand_in(folder, released):
    notebook = answered(released)
    cell = cell_of(notebook, "derive")
    cell |= {"cell_type": "code", "source": "2.0", "execution_count": 1}
    cell["outputs"] = [
        {
            "output_type": "execute_result",
            "execution_count": 1,
            "metadata": {},
            "data": {"text/plain": "2.0"},
        }
    ]
    write(folder, notebook)
