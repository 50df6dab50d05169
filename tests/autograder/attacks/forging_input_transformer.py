"""Rewrites the text of later cells by a transformer of IPython's.

Test cells are not read on the student's side.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "forging"
ITEM = "IPython and kernel hooks"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = """
def double(x):
    return x


try:
    get_ipython().input_transformers_post.append(
        lambda lines: ["pass"] if any("check(" in line for line in lines) else lines
    )
except Exception:
    pass
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
