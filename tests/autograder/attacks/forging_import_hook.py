"""Installs a finder that serves false modules to whoever imports next.

The finder serves the student's process alone.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "forging"
ITEM = "imports by name"
SCORES = {"double": 0, "count": {0, 1}}
STATUS = None
DOUBLE = """
def double(x):
    return x


import importlib.abc
import importlib.util
import sys

class False_(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("rnncore", "nbgrader", "autograder"):
            return importlib.util.spec_from_loader(name, self, is_package=True)
    def create_module(self, spec):
        return None
    def exec_module(self, module):
        module.__getattr__ = lambda name: (lambda *args, **kwargs: None)

sys.meta_path.insert(0, False_())
for name in list(sys.modules):
    if name.startswith("rnncore"):
        del sys.modules[name]
from rnncore.checking import call, check, fresh_rng
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
