"""Words for answers: what came, and the patterns that a person would point at."""

from __future__ import annotations

from typing import Any

import numpy as np

from rnncore.checking.plain import NotPlain, type_name, with_article

_SHOWN_TEXT = 60
_SHOWN_BITS = 128


def wrong_type_clue(got: Any, want: Any) -> str:
    """Say what to do about an answer of the wrong type."""
    if got is None:
        return "None came: a function that ends without `return` gives None."
    if type(got) is NotPlain and got.what == "an ellipsis":
        return "the dots are still there: put your answer in their place."
    if type(got) is NotPlain:
        return "give plain numbers, texts, arrays, or tuples, lists and dicts of them."
    if type(want) is np.ndarray and type(got) in (list, tuple):
        return "wrap it in np.array(…)."
    if type(want) is np.ndarray and isinstance(got, (int, float, np.generic)):
        return "a single number came where every entry is wanted."
    if type(want) is tuple and type(got) is list:
        return "write a tuple, with round brackets or commas alone."
    if type(want) is int and isinstance(got, (float, np.floating)):
        return "a whole number is wanted: count with integers, or divide by //."
    return ""


def shape_clue(got: np.ndarray[Any, Any], want: np.ndarray[Any, Any]) -> str:
    """Say how two shapes differ."""
    if got.size == 0:
        return "the array that came is empty."
    if got.ndim == want.ndim > 1 and got.shape == want.shape[::-1]:
        return "the axes came in the opposite order: is a transpose missing or too many?"
    if sorted(got.shape) == sorted(want.shape):
        return "the axes came in another order."
    if got.ndim != want.ndim:
        return f"{_axes(got.ndim)} came, {_axes(want.ndim)} expected."
    axes = [i for i, (a, b) in enumerate(zip(got.shape, want.shape, strict=True)) if a != b]
    return f"axis {axes[0]} has length {got.shape[axes[0]]}, not {want.shape[axes[0]]}."


def _axes(count: int) -> str:
    return "no axis" if count == 0 else "1 axis" if count == 1 else f"{count} axes"


@np.errstate(all="ignore")
def value_clue(got: np.ndarray[Any, Any], want: np.ndarray[Any, Any]) -> str:
    """Name a pattern that a person would see: all zero, opposite sign, one common factor."""
    if want.dtype.kind not in "fc" or not np.isfinite(want).all() or not want.any():
        return ""
    if not got.any():
        return "All that came is zero."
    if np.allclose(got, -want):
        return "The sign is opposite everywhere."
    if want.size > 1:
        largest = np.unravel_index(int(np.argmax(np.abs(want))), want.shape)
        factor = got[largest] / want[largest]
        if np.isfinite(factor) and np.allclose(got, factor * want):
            return f"Every entry is {factor:.6g} times the expected one."
    return ""


def describe(value: Any) -> str:
    """Describe plain data in a few words; of a number or a text also the value."""
    if type(value) is str:
        return f"{_text(value)} (a str)"
    if isinstance(value, (int, float, complex, np.generic)):
        return f"{number(value)} ({kind(value)})"
    return kind(value)


def kind(value: Any) -> str:
    """Say what plain data is, without any of its values."""
    if type(value) is NotPlain:
        return value.what
    if value is None:
        return "None"
    if type(value) is np.ndarray:
        return f"an array {value.shape} of {value.dtype.name}"
    if type(value) in (tuple, list, dict):
        return f"{with_article(type_name(value))} of {len(value)}"
    return with_article(type_name(value))


def _text(value: str) -> str:
    short = value if len(value) <= _SHOWN_TEXT else value[: _SHOWN_TEXT - 1] + "…"
    return repr(short)


def number(value: Any) -> str:
    """Write a number in a few digits."""
    plain_number = python_number(value)
    if type(plain_number) is int and plain_number.bit_length() > _SHOWN_BITS:
        return f"a whole number of {plain_number.bit_length()} bits"
    if type(plain_number) is not float:
        return str(plain_number)
    shown = f"{plain_number:.8g}"
    return shown + ".0" if shown.lstrip("-").isdigit() else shown


def subscript(index: tuple[int, ...]) -> str:
    """Write the index of an entry."""
    return f"[{', '.join(map(str, index))}]" if index else ""


def key_place(key: Any) -> str:
    """A key that is a name is a place; any other key may be data and is not shown."""
    return f".{key}" if type(key) is str and key.isidentifier() and len(key) > 1 else "[…]"


def keys(listed: list[Any]) -> str:
    """List keys of a dict."""
    shown = ", ".join(_text(key) if type(key) is str else number(key)[:60] for key in listed[:5])
    return shown + (", …" if len(listed) > 5 else "")


def python_number(value: Any) -> Any:
    """Turn NumPy's numbers, and arrays without an axis, into Python's."""
    if isinstance(value, np.generic) or (type(value) is np.ndarray and value.ndim == 0):
        return value.item()
    return value
