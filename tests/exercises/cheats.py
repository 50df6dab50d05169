"""Answers that know the right answer and spoil it, or that try to pass without one."""

import copy
import dataclasses

import numpy as np
import torch

from rnncore.checking.plain import plain


class AlwaysEqual:
    """Equal to everything, true, and silent whatever is asked of it."""

    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False

    def __getattr__(self, name):
        return self

    def __call__(self, *args, **kwargs):
        return self

    def __iter__(self):
        return iter(())

    def __bool__(self):
        return True

    __hash__ = None


class LyingArray(np.ndarray):
    """An array with no entry that claims the shape and type of another."""

    def __new__(cls, right):
        made = np.empty(0).view(cls)
        made.claim = right
        return made

    shape = property(lambda self: self.claim.shape)
    dtype = property(lambda self: self.claim.dtype)

    def __eq__(self, other):
        return np.ones(np.shape(other), bool)

    __hash__ = None


class ArrayOnRequest:
    """No array, but gives the right one to whoever asks by ``__array__``."""

    def __init__(self, right):
        self.right = right

    def __array__(self, dtype=None, copy=None):
        return np.array(self.right)


def leafwise(spoil):
    """Turn a function of an array or a number into one of any answer."""

    def cheat(right):
        if isinstance(right, dict):
            return {key: cheat(part) for key, part in right.items()}
        if isinstance(right, (tuple, list)):
            return type(right)(cheat(part) for part in right)
        if dataclasses.is_dataclass(right):
            spoilt = copy.copy(right)
            for name, part in vars(right).items():
                object.__setattr__(spoilt, name, cheat(part))
            return spoilt
        if right is None or isinstance(right, (str, bool)):
            return right
        return spoil(right)

    return cheat


def arraywise(spoil):
    """Spoil arrays and leave numbers alone."""
    return leafwise(lambda right: spoil(right) if isinstance(right, np.ndarray) else right)


def _last_is_off(right):
    spoilt = np.array(right)
    spoilt[(-1,) * spoilt.ndim] += 1
    return spoilt if isinstance(right, np.ndarray) else spoilt.item()


def _last_is_nan(right):
    spoilt = np.array(right, dtype=float)
    spoilt[(-1,) * spoilt.ndim] = np.nan
    return spoilt if isinstance(right, np.ndarray) else spoilt.item()


def _other_dtype(right):
    return right.astype(np.float32 if right.dtype.kind == "f" else np.float64)


def _recursive(right):
    endless = []
    endless.append(endless)
    return endless


# Each takes the right answer and returns what the cheat hands in.
OUTPUTS = {
    "NaN": leafwise(lambda right: right * np.nan),
    "infinity": leafwise(lambda right: right * 0 + np.inf),
    "zeros": leafwise(lambda right: right * 0),
    "ones": leafwise(lambda right: right * 0 + 1),
    "the opposite sign": leafwise(lambda right: -right),
    "the last entry off": leafwise(_last_is_off),
    "the last entry NaN": leafwise(_last_is_nan),
    "an empty array": leafwise(lambda right: np.empty(0)),
    "a scalar to broadcast": arraywise(lambda right: float(right.mean())),
    "one row to broadcast": arraywise(lambda right: right[:1]),
    "one axis more": arraywise(lambda right: right[None]),
    "transposed": arraywise(lambda right: right.T),
    "lists instead of arrays": arraywise(lambda right: right.tolist()),
    "another dtype": arraywise(_other_dtype),
    "objects in an array": leafwise(lambda right: np.asarray(right).astype(object)),
    "complex numbers": leafwise(lambda right: right + 0j),
    "a lying subclass": arraywise(LyingArray),
    "an array on request": leafwise(ArrayOnRequest),
    "an always-equal object": lambda right: AlwaysEqual(),
    "an always-equal object inside": leafwise(lambda right: AlwaysEqual()),
    "None": lambda right: None,
    "nothing in a tuple": lambda right: (),
    "nothing in a dict": lambda right: {},
    "a text": lambda right: "the right answer",
    "an iterator without items": lambda right: iter(()),
    "a generator": lambda right: (part for part in [right]),
    "a list of itself": _recursive,
    "a huge array": lambda right: np.broadcast_to(0.0, (10**6, 10**6)),
    "a huge whole number": lambda right: 10**5000,
}


def _raises(function, args):
    raise RuntimeError("an answer that only raises")


def _exits(function, args):
    raise SystemExit(0)


def _prints(function, args):
    print(function(*args))


def _empties_its_inputs(function, args):
    """Make every input zero first, in case the test computes its answer from them afterwards."""
    for arg in args:
        arrays = vars(arg).values() if dataclasses.is_dataclass(arg) else [arg]
        for array in arrays:
            if isinstance(array, np.ndarray):
                array[...] = 0
    return function(*args)


# Each takes the right function and its arguments; for questions that ask for a function.
CALLS = {
    "echoes its first input": lambda function, args: args[0],
    "echoes all its inputs": lambda function, args: args,
    "raises": _raises,
    "leaves Python": _exits,
    "prints and returns None": _prints,
    "returns itself": lambda function, args: function,
    "empties its inputs": _empties_its_inputs,
}


def same(a, b):
    """Tell, without the course's own checks, whether two answers are the same."""
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray):
        return a.dtype == b.dtype and np.array_equal(a, b, equal_nan=a.dtype.kind == "f")
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, (tuple, list)):
        return len(a) == len(b) and all(map(same, a, b))
    if dataclasses.is_dataclass(a):
        return same(vars(a), vars(b))
    return a is b or bool(a == b)


class Cheater:
    """A function that cheats, and remembers whether any answer of its was other than the right."""

    def __init__(self, right, cheat):
        self.right, self.cheat, self.cheated = lambda *args: plain(right(*args)), cheat, False

    def __call__(self, *args):
        expected = self.right(*copy.deepcopy(args))
        try:
            answer = self.cheat(self.right, args)
        except BaseException:
            self.cheated = True
            raise
        self.cheated = self.cheated or not same(answer, expected)
        return answer


def cheating_module(right, cheat):
    """A subclass of a module that hands in what the cheat says, with the gradients of the right."""

    class Cheating(right):
        cheated = False

        def forward(self, *inputs):
            output = super().forward(*inputs)
            expected = output.detach().numpy().copy()
            arrays = [tensor.detach().numpy() for tensor in inputs]
            try:
                answer = cheat(self.in_numpy, arrays)
            except BaseException:
                Cheating.cheated = True
                raise
            Cheating.cheated = Cheating.cheated or not same(answer, expected)
            return as_tensors(answer, output)

        def in_numpy(self, *arrays):
            return super().forward(*map(torch.tensor, arrays)).detach().numpy().copy()

    return Cheating


def as_tensors(answer, right):
    """Turn arrays and numbers into tensors; one that could pass has the gradient of the right."""
    if isinstance(answer, (tuple, list)):
        return type(answer)(as_tensors(part, right) for part in answer)
    if type(answer) in (int, float):
        return torch.tensor(answer)
    if type(answer) is not np.ndarray or not answer.flags.writeable:
        return answer
    tensor = torch.from_numpy(answer)
    fits = tensor.shape == right.shape and tensor.dtype == right.dtype
    return right + (tensor - right).detach() if fits else tensor


def cheaters(right):
    """Yield a name, an answer, and a function that says whether that answer did cheat."""
    if not callable(right):
        for name, spoil in OUTPUTS.items():
            answer = spoil(copy.deepcopy(right))
            yield name, answer, lambda answer=answer: not same(answer, right)
        return
    calls = {
        name: lambda function, args, spoil=spoil: spoil(function(*args))
        for name, spoil in OUTPUTS.items()
    }
    wrap = cheating_module if isinstance(right, type) else Cheater
    for name, cheat in (calls | CALLS).items():
        cheater = wrap(right, cheat)
        yield name, cheater, lambda cheater=cheater: cheater.cheated
