"""Checks of arguments: each failure says which argument, what came and what was expected."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

FLOATS = (np.dtype(np.float32), np.dtype(np.float64))

Array = NDArray[Any]


def shape_text(shape: tuple[object, ...]) -> str:
    """Write a shape as a tuple: ``(T, N, 5)``."""
    return f"({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})"


def check_array(name: str, array: object, shape: tuple[str | int, ...]) -> Array:
    """Return ``array`` if it is a NumPy array of this shape; a letter stands for any size from 1.

    Raises
    ------
    ValueError
        If it is no array, has another number of axes, another size, or an axis without entries.
    """
    if not isinstance(array, np.ndarray):
        raise ValueError(
            f"{name} must be a NumPy array of shape {shape_text(shape)}, "
            f"got {type(array).__name__}; convert it with np.asarray"
        )
    fits = array.ndim == len(shape) and all(
        size >= 1 if isinstance(want, str) else size == want
        for size, want in zip(array.shape, shape, strict=True)
    )
    if not fits:
        raise ValueError(
            f"{name} must have shape {shape_text(shape)}, got {shape_text(array.shape)}"
            + ("; every axis needs at least one entry" if 0 in array.shape else "")
        )
    return array


def check_float(name: str, array: object, shape: tuple[str | int, ...], dtype: Any = None) -> Array:
    """Return ``array`` if it is of this shape and of ``dtype`` (None: float32 or float64).

    Raises
    ------
    ValueError
        As `check_array`, or if the dtype differs.
    """
    checked = check_array(name, array, shape)
    if dtype is None and checked.dtype not in FLOATS:
        raise ValueError(
            f"{name} must be float32 or float64, got {checked.dtype}; convert it with .astype"
        )
    if dtype is not None and checked.dtype != dtype:
        raise ValueError(
            f"{name} must be {np.dtype(dtype)} like the other arrays, got {checked.dtype}; "
            "convert one of them with .astype"
        )
    return checked


def check_mask(mask: object, shape: tuple[int, ...]) -> Array | None:
    """Return ``mask`` if it is None or a Boolean array of this shape.

    Raises
    ------
    ValueError
        As `check_array`, or if the mask is not Boolean.
    """
    if mask is None:
        return None
    checked = check_array("mask", mask, shape)
    if checked.dtype != np.bool_:
        raise ValueError(
            f"mask must be bool (True where a step is real), got {checked.dtype}; "
            "convert it with .astype(bool)"
        )
    return checked


def check_ids(name: str, ids: object, classes: int, real: Array | None = None) -> Array:
    """Return ``ids`` if it is an integer array with 0 <= id < ``classes`` wherever ``real``.

    Raises
    ------
    ValueError
        If it is no integer array, is empty, or an id lies outside.
    """
    if not isinstance(ids, np.ndarray) or ids.dtype.kind not in "iu":
        came = f"an array of {ids.dtype}" if isinstance(ids, np.ndarray) else type(ids).__name__
        raise ValueError(f"{name} must be an integer array, got {came}")
    if ids.size == 0:
        raise ValueError(f"{name} must hold at least one entry, got shape {shape_text(ids.shape)}")
    outside = (ids < 0) | (ids >= classes)
    if real is not None:
        outside &= real
    if outside.any():
        raise ValueError(
            f"{name} must lie between 0 and {classes - 1}, got {ids[outside].flat[0]} "
            f"at index {tuple(int(i) for i in np.argwhere(outside)[0])}"
        )
    return ids


def check_lengths(name: str, lengths: object, batch: int, longest: int) -> Array:
    """Return ``lengths`` as an index array if it holds ``batch`` integers, 0 to ``longest``.

    Raises
    ------
    ValueError
        If it is no integer array (batch,), or a length lies outside.
    """
    checked = check_array(name, lengths, (batch,))
    return check_ids(name, checked, longest + 1).astype(np.intp)


def check_integer(name: str, value: object, least: int, most: int | None = None) -> int:
    """Return ``value`` as an int if it is an integer from ``least`` to ``most`` (None: no limit).

    Raises
    ------
    ValueError
        If it is no integer (True and False are none), or lies outside.
    """
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise ValueError(f"{name} must be an integer, got {type(value).__name__}")
    if value < least or (most is not None and value > most):
        bounds = f"be at least {least}" if most is None else f"lie between {least} and {most}"
        raise ValueError(f"{name} must {bounds}, got {value}")
    return int(value)
