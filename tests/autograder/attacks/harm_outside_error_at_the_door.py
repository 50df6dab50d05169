"""Returns what makes the copy itself raise: a parameter object askew, or a key that turns an array.

Such an error comes outside of the guard around the student's function; it is the answer's, not
the worker's nor the grader's.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "harm"
ITEM = "from outside"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = r"""
import dataclasses
import importlib
import pkgutil
import sys
import types

import rnncore

for found in pkgutil.walk_packages(rnncore.__path__, "rnncore.", onerror=lambda name: None):
    if "torch" not in found.name and "__main__" not in found.name:
        try:
            importlib.import_module(found.name)
        except Exception:
            pass

def parameter_classes():
    for name, module in list(sys.modules.items()):
        if name.startswith("rnncore."):
            for each in list(vars(module).values()):
                if isinstance(each, type) and "__dataclass_fields__" in vars(each):
                    if each.__name__ != "NotPlain":
                        yield each

FILLERS = (None, "x", -1, 1e400, [], {}, (1, "x"), np.zeros(()), np.zeros((0, 3)), np.ones(2) > 0)

def askew():
    '''Return a parameter object whose copy raises neither KeyError nor ValueError.'''
    for each in parameter_classes():
        names = [field.name for field in dataclasses.fields(each)]
        for filler in FILLERS:
            fields = dict.fromkeys(names, filler)
            try:
                each(**fields)
            except (KeyError, ValueError):
                continue
            except Exception:
                try:
                    made = object.__new__(each)
                    made.__dict__.update(fields)
                except Exception:
                    continue
                return made
    return None

class Tensor:
    '''Has a hash; the array that the copy makes of it has none.'''

    is_nested = False
    dtype = "torch.float64"
    shape = ()
    device = types.SimpleNamespace(type="cpu")
    layout = "strided"

    def detach(self):
        return self

    resolve_conj = resolve_neg = detach

    def numel(self):
        return 1

    element_size = numel

    def numpy(self):
        return np.array(1.0)

def key_without_hash():
    torch = types.ModuleType("torch")
    torch.Tensor, torch.strided = Tensor, Tensor.layout
    torch.nn = types.SimpleNamespace(Parameter=Tensor, Module=Tensor)
    sys.modules["torch"] = torch
    return {(Tensor(),): 1.0}

def double(x):
    if x.shape == (2, 3):
        return 2 * x
    return askew() or key_without_hash()
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
