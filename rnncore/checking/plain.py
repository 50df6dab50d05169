"""Plain data: the only door through which an answer comes in, so that no answer can act."""

from __future__ import annotations

import dataclasses
import sys
from typing import Any

import numpy as np

from rnncore.checking.tensors import is_tensor, tensor_as_array

MAX_BYTES = 2**26  # of one array
MAX_ITEMS = 100_000  # in all tuples, lists and dicts of one answer
MAX_DEPTH = 20

_ATOMS = (type(None), bool, int, float, complex, str)
_NUMPY_SCALARS = tuple(np.dtype(code).type for code in "?bBhHiIlLqQefdFD")
# Read from the class itself: a metaclass cannot lie to these.
_class_name = type.__dict__["__name__"].__get__
_class_module = type.__dict__["__module__"].__get__
_class_dict = type.__dict__["__dict__"].__get__


@dataclasses.dataclass(frozen=True)
class NotPlain:
    """Stands for what an answer may not hold; ``what`` describes it without asking it."""

    what: str


# By identity: `in` would ask a metaclass whether its class equals one of these.
_PLAIN_IDS = frozenset(map(id, (*_ATOMS, *_NUMPY_SCALARS, NotPlain)))
_KEY_IDS = frozenset(map(id, (*_ATOMS, tuple)))


def plain(value: object) -> Any:
    """Copy plain data; whatever is not plain becomes a `NotPlain`.

    Plain are None, bool, int, float, complex, str, numbers and numeric arrays of NumPy, the
    parameter classes of ``rnncore``, and tuples, lists and dicts of these, by exact type: of
    another object, subclasses of the above included, no method is ever called. A dense tensor of
    torch becomes its array.
    """
    return _Copier().copy(value, 0)


def find_not_plain(value: object) -> NotPlain | None:
    """Find the first `NotPlain` in what `plain` returned."""
    if type(value) is NotPlain:
        return value
    return next((found for part in _parts(value) if (found := find_not_plain(part))), None)


def type_name(value: object) -> str:
    """Return the name of an object's true class."""
    return str(_class_name(type(value)))[:60]


def with_article(noun: str) -> str:
    """Put "a" or "an" before a noun; an acronym is read by its letters."""
    is_acronym = noun[:2].isupper()
    return f"{'an' if noun[:1] in ('AEFHILMNORSX' if is_acronym else 'AEIOUaeiou') else 'a'} {noun}"


def is_parameters(value: object) -> bool:
    """Tell whether the class of ``value`` is a dataclass that ``rnncore`` itself defines."""
    cls = type(value)
    module = _class_module(cls)
    return (
        type(module) is str
        and module.startswith("rnncore.")
        and "__dataclass_fields__" in _class_dict(cls)
        and getattr(sys.modules.get(module), _class_name(cls), None) is cls
    )


def _parts(value: object) -> list[Any]:
    if type(value) in (tuple, list):
        return list(value)  # type: ignore[call-overload,no-any-return]
    if type(value) is dict:
        return list(value.values())
    if is_parameters(value):
        return list(vars(value).values())
    return []


class _Copier:
    """Copies one answer and counts what it holds."""

    def __init__(self) -> None:
        self.items = 0

    def copy(self, value: Any, depth: int) -> Any:
        kind = type(value)
        if id(kind) in _PLAIN_IDS:
            return value
        if kind is np.str_:
            return str.__str__(value)
        if kind is np.ndarray:
            return _copy_array(value)
        if is_tensor(value):
            return _copy_tensor(value)
        if depth == MAX_DEPTH:
            return NotPlain(f"something nested more than {MAX_DEPTH} deep")
        if kind is tuple or kind is list:
            if not self._has_room(len(value)):
                return NotPlain(f"{with_article(kind.__name__)} of {len(value)} items")
            return kind([self.copy(part, depth + 1) for part in value])
        if kind is dict:
            return self._copy_dict(value, depth)
        if is_parameters(value):
            return self._copy_parameters(value, depth)
        return NotPlain(with_article(type_name(value)))

    def _has_room(self, items: int) -> bool:
        self.items += items
        return self.items <= MAX_ITEMS

    def _copy_dict(self, value: dict[Any, Any], depth: int) -> Any:
        if not self._has_room(len(value)):
            return NotPlain(f"a dict of {len(value)} items")
        keys = [self.copy(key, depth + 1) for key in value]
        if any(id(type(key)) not in _KEY_IDS or find_not_plain(key) for key in keys):
            return NotPlain("a dict with keys that are neither text nor numbers")
        parts = [self.copy(part, depth + 1) for part in value.values()]
        return dict(zip(keys, parts, strict=True))

    def _copy_parameters(self, value: Any, depth: int) -> Any:
        held = object.__getattribute__(value, "__dict__")
        names = [field.name for field in dataclasses.fields(type(value))]
        try:
            return type(value)(**{name: self.copy(held[name], depth + 1) for name in names})
        except (KeyError, ValueError):
            return NotPlain(f"{with_article(type_name(value))} whose fields do not fit together")


def _copy_array(value: np.ndarray[Any, Any]) -> Any:
    if value.dtype.kind not in "biufc":
        return NotPlain(f"an array {value.shape} of {value.dtype.name}")
    if value.nbytes > MAX_BYTES:
        return NotPlain(f"an array {value.shape}, larger than {MAX_BYTES // 2**20} MiB")
    return np.array(value)


def _copy_tensor(value: Any) -> Any:
    try:
        return _copy_array(tensor_as_array(value, MAX_BYTES))
    except ValueError as error:
        return NotPlain(str(error))
