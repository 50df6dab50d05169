"""Plain data as bytes and back: what passes between a test and the student's side, and its bounds.

A frame is two sizes, a JSON text, and the bytes of all arrays in it one after the other. Nothing
is unpickled, and every size, type, depth and name is checked before it is used. The same file
serves both sides; what the student's side sends is trusted in nothing.
"""

from __future__ import annotations

import dataclasses
import json
import math
import struct
from collections.abc import Callable
from typing import Any

import numpy as np

import rnncore.numpy
from rnncore.checking.handle import Handle, path_of
from rnncore.checking.helpers import HELPERS
from rnncore.checking.plain import NotPlain, is_parameters, type_name

HEADER = struct.Struct(">II")
MAX_TEXT = 4 * 2**20  # bytes of the JSON part
MAX_DEPTH = 24
MAX_NODES = 250_000
MAX_BITS = 4096  # of a whole number
MAX_WORDS = 200  # letters of a description of what cannot cross
PARAMETERS = frozenset(
    [
        *("AdditiveAttentionParams", "EmbeddingParams", "GRUParams", "LSTMParams"),
        *("LinearParams", "MinGRUParams", "RNNParams"),
    ]
)
_NAMES = [np.dtype(code).newbyteorder("<").str for code in "?bBhHiIqQefdFD"]
_DTYPES = {name: np.dtype(name) for name in _NAMES}  # from the names: of two equal types one

Resolver = Callable[[str], Any]


class WireError(Exception):
    """A frame broke a rule; the message says which, and holds nothing of the frame itself."""


def pack(message: dict[str, Any]) -> bytes:
    """Make a frame of a message: texts as keys, plain data, handles and helpers as values."""
    encoder = _Encoder()
    text = json.dumps({key: encoder.node(value) for key, value in message.items()}).encode()
    raw = b"".join(encoder.raw)
    return HEADER.pack(len(text), len(raw)) + text + raw


def frame_sizes(header: bytes, max_raw: int) -> tuple[int, int]:
    """Read the sizes of a frame's two parts, before anything is allocated for them.

    Raises
    ------
    WireError
        If they are beyond the bounds.
    """
    text, raw = HEADER.unpack(header)
    if text > MAX_TEXT or raw > max_raw:
        raise WireError(f"an answer of {max(text, raw) / 2**20:.0f} MiB came, which is too large")
    return text, raw


def unpack(text: bytes, raw: bytes, resolve: Resolver | None = None) -> dict[str, Any]:
    """Read the two parts of a frame back.

    Parameters
    ----------
    text, raw : bytes
    resolve : function from a handle's path to what it stands for, optional
        Without it handles are refused.

    Raises
    ------
    WireError
        If the frame breaks a rule.
    """
    try:
        message = json.loads(text.decode("utf-8"))
    except (ValueError, RecursionError):
        raise WireError("what came is no JSON") from None
    if type(message) is not dict:
        raise WireError("what came is no message")
    decoder = _Decoder(raw, resolve)
    try:
        return {key: decoder.value(node, 0) for key, node in message.items()}
    except (ValueError, TypeError, OverflowError, MemoryError):
        raise WireError("what came does not hold together") from None


class _Encoder:
    def __init__(self) -> None:
        self.raw: list[bytes] = []
        self.offset = 0

    def node(self, value: Any) -> Any:
        kind = type(value)
        if value is None or kind in (bool, float):
            return value
        if kind is str:
            return value.encode("utf-8", "replace").decode()
        if kind is int:
            bits = value.bit_length()
            return value if bits <= MAX_BITS else {"x": f"a whole number of {bits} bits"}
        if kind is complex:
            return {"c": [value.real, value.imag]}
        if kind is list:
            return {"l": [self.node(part) for part in value]}
        if kind is tuple:
            return {"t": [self.node(part) for part in value]}
        if kind is dict:
            return self._dict(value)
        if kind is NotPlain:
            return {"x": value.what[:MAX_WORDS]}
        if kind is np.ndarray and _dtype_of(value).str in _DTYPES:
            return {"a": [*self._array(value), list(value.shape)]}
        if kind is np.ndarray:
            return {"x": f"an array {value.shape} of {value.dtype.name}"[:MAX_WORDS]}
        if isinstance(value, np.generic) and _dtype_of(value).str in _DTYPES:
            return {"s": self._array(np.asarray(value))}
        if kind is Handle:
            return {"h": path_of(value)}
        return self._named(value)

    def _dict(self, value: dict[Any, Any]) -> Any:
        if not all(map(_is_key, value)):
            return {"x": "a dict with keys that are neither text nor numbers"}
        return {"d": [[self.node(key), self.node(part)] for key, part in value.items()]}

    def _named(self, value: Any) -> Any:
        for name, function in HELPERS.items():
            if value is function:
                return {"f": name}
        name = type_name(value)
        if is_parameters(value) and name in PARAMETERS:
            fields = dataclasses.fields(value)
            return {"p": [name, {f.name: self.node(getattr(value, f.name)) for f in fields}]}
        return {"x": f"something of type {name}"}

    def _array(self, array: np.ndarray[Any, Any]) -> list[Any]:
        dtype = _dtype_of(array)
        data = np.ascontiguousarray(array, dtype).tobytes()
        self.raw.append(data)
        self.offset += len(data)
        return [dtype.str, self.offset - len(data)]


class _Decoder:
    def __init__(self, raw: bytes, resolve: Resolver | None) -> None:
        self.raw = raw
        self.resolve = resolve
        self.nodes = 0

    def value(self, node: Any, depth: int) -> Any:
        self.nodes += 1
        if depth > MAX_DEPTH or self.nodes > MAX_NODES:
            raise WireError("what came is nested too deeply or holds too much")
        kind = type(node)
        if node is None or kind in (bool, float):
            return node
        if kind is int:
            if node.bit_length() > MAX_BITS:
                raise WireError("a whole number is too large")
            return node
        if kind is str:
            return node.encode("utf-8", "replace").decode()
        if kind is not dict or len(node) != 1:
            raise WireError("what came is of no known kind")
        ((tag, body),) = node.items()
        reader = self._readers.get(tag)
        if reader is None:
            raise WireError("what came is of no known kind")
        return reader(self, body, depth + 1)

    def _list(self, body: Any, depth: int) -> list[Any]:
        if type(body) is not list:
            raise WireError("a list without parts came")
        return [self.value(part, depth) for part in body]

    def _tuple(self, body: Any, depth: int) -> tuple[Any, ...]:
        return tuple(self._list(body, depth))

    def _dict(self, body: Any, depth: int) -> Any:
        pairs = [self._list(pair, depth) for pair in body]
        made = dict(pairs)
        if len(made) != len(pairs) or any(not _is_key(key) for key in made):
            raise WireError("a dict with keys that cannot be came")
        return made

    def _complex(self, body: Any, depth: int) -> complex:
        real, imaginary = body
        if type(real) is not float or type(imaginary) is not float:
            raise WireError("a complex number without two parts came")
        return complex(real, imaginary)

    def _not_plain(self, body: Any, depth: int) -> NotPlain:
        if type(body) is not str:
            raise WireError("a description that is no text came")
        printable = "".join(letter if letter.isprintable() else " " for letter in body)
        return NotPlain(printable[:MAX_WORDS])

    def _array(self, body: Any, depth: int) -> np.ndarray[Any, Any]:
        dtype, offset, shape = body
        if type(shape) is not list or any(type(n) is not int or n < 0 for n in shape):
            raise WireError("an array without a shape came")
        if len(shape) > 32 or max(shape, default=0) > 2**31:
            raise WireError("an array with an impossible shape came")
        return self._numbers(dtype, offset, math.prod(shape)).reshape(shape).copy()

    def _scalar(self, body: Any, depth: int) -> Any:
        dtype, offset = body
        return self._numbers(dtype, offset, 1)[0]

    def _numbers(self, name: Any, offset: Any, count: int) -> np.ndarray[Any, Any]:
        dtype = _DTYPES.get(name) if type(name) is str else None
        if dtype is None or type(offset) is not int or offset < 0:
            raise WireError("an array of unknown numbers came")
        if offset + count * dtype.itemsize > len(self.raw):
            raise WireError("an array that is larger than its bytes came")
        numbers = np.frombuffer(self.raw, dtype, count, offset)
        if dtype == np.bool_ and (numbers.view(np.uint8) > 1).any():
            raise WireError("an array of truth values that are neither true nor false came")
        return numbers

    def _parameters(self, body: Any, depth: int) -> Any:
        name, fields = body
        if name not in PARAMETERS or type(fields) is not dict:
            raise WireError("parameters of an unknown class came")
        cls = getattr(rnncore.numpy, name)
        if fields.keys() != {field.name for field in dataclasses.fields(cls)}:
            raise WireError("parameters with other fields than their class came")
        values = {key: self.value(node, depth) for key, node in fields.items()}
        try:
            return cls(**values)
        except ValueError:
            return NotPlain(f"a {name} whose fields do not fit together")

    def _handle(self, body: Any, depth: int) -> Any:
        if self.resolve is None or type(body) is not str:
            raise WireError("a handle came where none may come")
        return self.resolve(body)

    def _helper(self, body: Any, depth: int) -> Any:
        if self.resolve is None or body not in HELPERS:
            raise WireError("a helper came where none may come")
        return HELPERS[body]

    _readers = {  # noqa: RUF012  (a table of methods)
        "l": _list,
        "t": _tuple,
        "d": _dict,
        "c": _complex,
        "x": _not_plain,
        "a": _array,
        "s": _scalar,
        "p": _parameters,
        "h": _handle,
        "f": _helper,
    }


def _dtype_of(value: Any) -> np.dtype[Any]:
    return value.dtype.newbyteorder("<")  # type: ignore[no-any-return]


def _is_key(key: Any) -> bool:
    if type(key) is tuple:
        return all(map(_is_key, key))
    return type(key) in (type(None), bool, int, float, complex, str)
