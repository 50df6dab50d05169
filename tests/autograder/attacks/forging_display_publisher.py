"""Publishes a result and swallows errors through IPython's display publisher.

There is no publisher beside the tests.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "forging"
ITEM = "display hooks"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = """
def double(x):
    return x


try:
    from IPython import get_ipython
    shell = get_ipython()
    publish = shell.display_pub.publish
    def without_errors(data, *args, **kwargs):
        publish({"text/plain": "3.0"}, *args, **kwargs)
    shell.display_pub.publish = without_errors
    shell.displayhook.compute_format_data = lambda value: ({"text/plain": "3.0"}, {})
    shell._showtraceback = lambda *args: None
except Exception:
    pass
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
