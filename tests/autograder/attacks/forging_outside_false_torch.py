"""Puts a false torch into sys.modules, whose tensor turns into an array of objects at the door.

The library asks sys.modules for torch while it copies an answer, so that a student's class speaks
behind the copy's own checks; an array of objects fails, whoever let it through.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "forging"
ITEM = "from outside"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = r"""
import sys
import types

class Agreeing:
    __hash__ = None

    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False

    def __sub__(self, other):
        return 0.0

    __rsub__ = __sub__

    def __float__(self):
        return 0.0

    def __reduce__(self):
        return print, ("taken",)

class Liar:
    dtype = np.dtype(float)
    nbytes = 8

    def __init__(self, shape):
        self.shape = shape

    def copy(self):
        return self

    def __array__(self, dtype=None, copy=None):
        array = np.empty(self.shape, object)
        array.fill(Agreeing())
        return array

class Tensor:
    is_nested = False
    dtype = "torch.float64"
    device = types.SimpleNamespace(type="cpu")
    layout = "strided"

    def __init__(self, shape):
        self.shape = shape

    def detach(self):
        return self

    resolve_conj = resolve_neg = detach

    def numel(self):
        return 1

    element_size = numel

    def numpy(self):
        return Liar(self.shape)

torch = types.ModuleType("torch")
torch.Tensor = Tensor
torch.strided = Tensor.layout
torch.nn = types.SimpleNamespace(Parameter=Tensor, Module=Tensor)

def double(x):
    if x.shape == (2, 3):
        return 2 * x
    sys.modules["torch"] = torch
    return Tensor(x.shape)
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
