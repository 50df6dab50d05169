"""Replaces run_cell of the shell and do_execute of the kernel.

The tests run in no kernel of the student's.
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
    shell = get_ipython()
    original = shell.run_cell_async
    async def run_nothing(source, *args, **kwargs):
        return await original("pass" if "check(" in source else source, *args, **{
            name: value for name, value in kwargs.items() if name != "transformed_cell"})
    shell.run_cell_async = run_nothing
    shell.showtraceback = lambda *args, **kwargs: None
    shell.events.register("post_run_cell", lambda result: setattr(result, "error_in_exec", None))
except Exception:
    pass
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
