"""Registers a handler of IPython's that swallows every error.

Errors of a test rise where the student has no handler.
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
    get_ipython().set_custom_exc((BaseException,), lambda *args, **kwargs: None)
except Exception:
    pass
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
