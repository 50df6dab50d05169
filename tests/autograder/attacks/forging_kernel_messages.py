"""Sends results over the kernel's own sockets.

There is no kernel, and no message of the student's is a mark.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "forging"
ITEM = "IPython and kernel hooks"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = """
def double(x):
    return x


def claim():
    kernel = get_ipython().kernel
    send = kernel.session.send
    def never_an_error(stream, kind, *args, **kwargs):
        if kind == "error":
            kind, args = "execute_result", ({"data": {"text/plain": "3.0"}, "metadata": {},
                                             "execution_count": 1}, *args[1:])
        return send(stream, kind, *args, **kwargs)
    kernel.session.send = never_an_error

try:
    claim()
except Exception:
    pass
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
