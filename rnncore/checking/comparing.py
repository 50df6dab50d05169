"""Compare an answer with the right one: type, shape, dtype, finite, value, in this order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from rnncore.checking.handle import Handle
from rnncore.checking.hints import find_hint
from rnncore.checking.plain import MAX_BYTES, NotPlain, find_not_plain, is_parameters, plain
from rnncore.checking.recording import Check, is_recording, note_check
from rnncore.checking.wording import (
    describe,
    key_place,
    keys,
    kind,
    number,
    python_number,
    shape_clue,
    subscript,
    value_clue,
    wrong_type_clue,
)


class CheckFailed(AssertionError):
    """An answer is not right; the message says what came, what was expected, where to look.

    Parameters
    ----------
    message : str
    kind : str
        What differs: "type", "shape", "dtype", "finite" or "value".
    """

    def __init__(self, message: str, kind: str) -> None:
        super().__init__(message)
        self.kind = kind

    def _render_traceback_(self) -> list[str]:
        """Show the message alone, without frames of this library; IPython looks for this name."""
        return str(self).split("\n")


@dataclass(frozen=True)
class _Difference:
    """Where two answers differ and how, as rows to print; hidden rows hold no number."""

    aspect: str
    place: str
    rows: dict[str, str]
    hidden_rows: dict[str, str]


def check(
    question: str,
    got: Any,
    want: Any,
    rtol: float | None = None,
    atol: float | None = None,
    hidden: bool = False,
) -> None:
    """Compare an answer with the right one and say where it goes wrong.

    Parameters
    ----------
    question : str
        What is checked; the first line of the message names it.
    got
        The student's answer, of any kind; it is copied as plain data first and never asked
        anything. A `Handle` is fetched.
    want
        The right answer: an array, a number, a text, a bool, None, a parameter object, or a
        tuple, list or dict of these.
    rtol, atol : float, optional
        A number is right if ``|got − want| ≤ atol + rtol · |want|``. By default 1e-7 and 1e-9,
        against float32 and float16 1e-4 and 1e-5.
    hidden : bool
        Give type, shape and place, and no number, so that a hidden test stays hidden.

    Raises
    ------
    CheckFailed
        If the answer is not right.
    TypeError
        If ``want`` itself cannot be compared.

    See Also
    --------
    matches : the same comparison, without a word.

    Notes
    -----
    In a notebook, the message of a visible check ends in a hint if a ``hints.json`` beside the
    notebook knows the answer that came.

    Types are exact, with three kindnesses: NumPy's numbers, and arrays without an axis, pass for
    Python's numbers of the same kind, and an int passes where a float is wanted. An array is
    expected in its exact dtype; a bool is no number, a list is no array and no tuple.
    """
    right = plain(want)
    if found := find_not_plain(right):
        raise TypeError(f"the right answer for {question} must be plain data, got {found.what}")
    fetched = _fetch(got)
    is_remote = fetched is not got
    came = plain(fetched)
    failure = None
    if difference := _compare(came, right, "", (rtol, atol)):
        message = _message(question, difference, hidden)
        if not (hidden or is_remote or is_recording()) and (hint := find_hint(question, came)):
            message += f"\n{_row('hint', hint)}"
        failure = CheckFailed(message, difference.aspect)
    note_check(Check(question, came, right, rtol, atol, hidden, failure))


def _fetch(got: Any) -> Any:
    """Fetch a handle, and the handles that a test has put into a tuple."""
    if type(got) is Handle:
        return got.fetch(MAX_BYTES)
    if type(got) is tuple and any(type(part) is Handle for part in got):
        return tuple(part.fetch(MAX_BYTES) if type(part) is Handle else part for part in got)
    return got


def matches(got: Any, want: Any, rtol: float | None = None, atol: float | None = None) -> bool:
    """Tell whether `check` would let an answer pass.

    Parameters
    ----------
    got, want, rtol, atol
        As for `check`; nothing passes where ``want`` is not plain data.
    """
    right = plain(want)
    return not find_not_plain(right) and _compare(plain(got), right, "", (rtol, atol)) is None


def _message(question: str, difference: _Difference, hidden: bool) -> str:
    place = difference.place.removeprefix(".")
    place = f": see {'entry ' if place.startswith('[') else ''}{place}" if place else ""
    rows = difference.hidden_rows if hidden else difference.rows
    lines = [f"{question} is not right yet{place}"]
    lines += [_row(label, text) for label, text in rows.items() if text]
    if hidden:
        lines.append("  This is a hidden check on other inputs: it shows no numbers.")
    return "\n".join(lines)


def _row(label: str, text: str) -> str:
    return f"  {label + ':':<10} {text}"


Tolerances = tuple[float | None, float | None]


def _mismatch(aspect: str, place: str, got: Any, want: Any, clue: str) -> _Difference:
    """Types, shapes or dtypes differ: a hidden check says so too, without the values."""
    return _Difference(
        aspect,
        place,
        {"came": describe(got), "expected": describe(want), "look at": clue},
        {"came": _hidden_kind(got), "expected": kind(want), "look at": clue},
    )


def _hidden_kind(got: Any) -> str:
    """Say what came without a word that a student chose, who may have hidden a number in it."""
    return "an object that is no plain data" if type(got) is NotPlain else kind(got)


def _other_value(
    aspect: str, place: str, came: str, expected: str, clue: str, hidden_clue: str
) -> _Difference:
    rows = {"came": came, "expected": expected, "look at": clue}
    return _Difference(aspect, place, rows, {"look at": hidden_clue})


def _compare(got: Any, want: Any, place: str, tolerances: Tolerances) -> _Difference | None:
    if type(want) is np.ndarray:
        return _compare_arrays(got, want, place, tolerances)
    if type(want) in (tuple, list):
        return _compare_sequences(got, want, place, tolerances)
    if type(want) is dict:
        return _compare_dicts(got, want, place, tolerances)
    if is_parameters(want):
        return _compare_parameters(got, want, place, tolerances)
    return _compare_scalars(got, want, place, tolerances)


def _compare_arrays(
    got: Any, want: np.ndarray[Any, Any], place: str, tolerances: Tolerances
) -> _Difference | None:
    if type(got) is not np.ndarray:
        return _mismatch("type", place, got, want, wrong_type_clue(got, want))
    if got.shape != want.shape:
        return _mismatch("shape", place, got, want, shape_clue(got, want))
    if got.dtype != want.dtype:
        clue = f"the numbers are of type {got.dtype.name}, not {want.dtype.name}."
        return _mismatch("dtype", place, got, want, clue)
    if want.dtype.kind in "fc":
        difference = _compare_finite(got, want, place)
        if difference is not None:
            return difference
    wrong = ~_close(got, want, tolerances)
    return _differ_most(got, want, wrong, place) if wrong.any() else None


def _compare_finite(
    got: np.ndarray[Any, Any], want: np.ndarray[Any, Any], place: str
) -> _Difference | None:
    bad = np.isfinite(want) & ~np.isfinite(got)
    if not bad.any():
        return None
    index = tuple(int(i) for i in np.argwhere(bad)[0])
    where = place + subscript(index)
    came = "NaN" if np.isnan(got[index]) else "infinity"
    count = f"{int(bad.sum())} of {bad.size} entries are not finite." if bad.size > 1 else ""
    return _other_value(
        "finite",
        where,
        came,
        "a finite number",
        count,
        f"{came} came, a finite number was expected.",
    )


def _close(
    got: np.ndarray[Any, Any], want: np.ndarray[Any, Any], tolerances: Tolerances
) -> np.ndarray[Any, np.dtype[np.bool_]]:
    if want.dtype.kind not in "fc":
        return np.asarray(got == want)
    coarse = want.dtype in (np.float32, np.float16, np.complex64)
    rtol, atol = tolerances
    rtol = (1e-4 if coarse else 1e-7) if rtol is None else rtol
    atol = (1e-5 if coarse else 1e-9) if atol is None else atol
    return np.asarray(np.isclose(got, want, rtol=rtol, atol=atol, equal_nan=True))


def _differ_most(
    got: np.ndarray[Any, Any], want: np.ndarray[Any, Any], wrong: Any, place: str
) -> _Difference:
    if want.dtype.kind == "b":
        gap = wrong.astype(float)
    else:
        wide = complex if want.dtype.kind == "c" else float
        with np.errstate(all="ignore"):
            gap = np.abs(got.astype(wide) - want.astype(wide))
        gap = np.where(wrong, np.where(np.isnan(gap), np.inf, gap), -1.0)
    index = tuple(int(i) for i in np.unravel_index(int(np.argmax(gap)), gap.shape))
    by = "" if want.dtype.kind == "b" else f", most here, by {gap[index]:.4g}"
    count = f"{int(wrong.sum())} of {wrong.size} entries differ{by}." if want.size > 1 else ""
    clue = " ".join(filter(None, [count, value_clue(got, want)]))
    hidden_clue = "the entries differ, most here." if want.size > 1 else "the number differs."
    place += subscript(index)
    return _other_value("value", place, number(got[index]), number(want[index]), clue, hidden_clue)


def _compare_sequences(
    got: Any, want: Any, place: str, tolerances: Tolerances
) -> _Difference | None:
    if type(got) is not type(want):
        return _mismatch("type", place, got, want, wrong_type_clue(got, want))
    if len(got) != len(want):
        return _mismatch("shape", place, got, want, "how many parts there are.")
    for position, (part, right) in enumerate(zip(got, want, strict=True)):
        difference = _compare(part, right, f"{place or 'answer'}[{position}]", tolerances)
        if difference is not None:
            return difference
    return None


def _compare_dicts(
    got: Any, want: dict[Any, Any], place: str, tolerances: Tolerances
) -> _Difference | None:
    if type(got) is not dict:
        return _mismatch("type", place, got, want, wrong_type_clue(got, want))
    came = {(type(key), key) for key in got}
    expected = {(type(key), key) for key in want}
    if came != expected:
        missing = [key for kind, key in expected - came]
        extra = [key for kind, key in came - expected]
        clue = [f"missing: {keys(missing)}"] if missing else []
        clue += [f"not expected: {keys(extra)}"] if extra else []
        hidden_clue = "the keys of the dict are others than expected."
        return _other_value("shape", place, "", "", "; ".join(clue) + ".", hidden_clue)
    for key, right in want.items():
        difference = _compare(got[key], right, place + key_place(key), tolerances)
        if difference is not None:
            return difference
    return None


def _compare_parameters(
    got: Any, want: Any, place: str, tolerances: Tolerances
) -> _Difference | None:
    if type(got) is not type(want):
        return _mismatch("type", place, got, want, wrong_type_clue(got, want))
    for name, right in vars(want).items():
        difference = _compare(getattr(got, name), right, f"{place}.{name}", tolerances)
        if difference is not None:
            return difference
    return None


def _compare_scalars(got: Any, want: Any, place: str, tolerances: Tolerances) -> _Difference | None:
    came, right = python_number(got), python_number(want)
    if type(right) is float and type(came) is int:
        came = _float(came)
    if type(came) is not type(right):
        return _mismatch("type", place, got, want, wrong_type_clue(got, want))
    if type(right) in (float, complex):
        if np.isfinite(right) and not np.isfinite(came):
            clue = "the number that came is not finite."
            return _other_value("finite", place, describe(got), describe(want), clue, clue)
        dtype = np.asarray(want).dtype
        wrong = not _close(np.asarray(came), np.asarray(right, dtype), tolerances)
    else:
        wrong = came != right
    if not wrong:
        return None
    if type(right) is str:
        return _compare_texts(came, right, place)
    hidden_clue = "the value differs; its type is right."
    return _other_value("value", place, describe(came), describe(right), "", hidden_clue)


def _compare_texts(got: str, want: str, place: str) -> _Difference:
    same = next(
        (i for i, (a, b) in enumerate(zip(got, want, strict=False)) if a != b),
        min(len(got), len(want)),
    )
    clue = f"the texts differ from character {same} on."
    return _other_value("value", place, describe(got), describe(want), clue, clue)


def _float(value: int) -> float:
    try:
        return float(value)
    except OverflowError:
        return float("inf")
