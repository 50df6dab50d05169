"""Dropout: entries dropped at random while a net trains, one by one or along whole axes."""

from typing import Any

import numpy as np

from rnncore.numpy.validation import Array, check_float


def dropout_forward(
    x: Array, rate: float, rng: np.random.Generator, shared_axes: tuple[int, ...] = ()
) -> tuple[Array, Any]:
    """Set entries to zero with probability ``rate`` and divide the others by 1 - ``rate``.

    The expected value of each entry stays what it was, so a net that is trained with dropout is
    used without it.

    Parameters
    ----------
    x : array (...)
        Usually (T, N, H).
    rate : float
        In [0, 1); at 0 nothing changes.
    rng : numpy.random.Generator
        Takes one uniform number for each entry of the pattern, whatever the rate.
    shared_axes : tuple of int
        Axes along which all entries share one draw. ``(0,)`` drops the same units at all time
        steps: variational dropout.

    Returns
    -------
    y : array (...)
    cache
        What `dropout_backward` needs.

    Raises
    ------
    ValueError
        If the rate lies outside [0, 1), ``rng`` is no generator, or an axis is none of ``x``'s.

    References
    ----------
    N. Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting",
    2014; Y. Gal and Z. Ghahramani, "A theoretically grounded application of dropout in recurrent
    neural networks", 2016.
    """
    axes = max(1, x.ndim) if isinstance(x, np.ndarray) else 1
    check_float("x", x, ("any",) * axes)
    if not 0 <= rate < 1:
        raise ValueError(f"rate must lie in [0, 1), got {rate}")
    if not isinstance(rng, np.random.Generator):
        raise ValueError(f"rng must be a numpy.random.Generator, got {type(rng).__name__}")
    if any(not -axes <= axis < axes for axis in shared_axes):
        raise ValueError(f"shared_axes must lie in [-{axes}, {axes}), got {shared_axes}")
    shape = list(x.shape)
    for axis in shared_axes:
        shape[axis] = 1
    kept = rng.random(shape) >= rate
    factor = np.asarray(kept / (1 - rate), dtype=x.dtype)
    return x * factor, (factor, x.shape)


def dropout_backward(dy: Array, cache: Any) -> Array:
    """Return dx from dy: what was dropped gets no gradient, the rest is scaled as it was.

    Parameters
    ----------
    dy : array (...)
        Of the shape of ``y``.
    cache
        From `dropout_forward`; it serves again.

    Returns
    -------
    dx : array (...)

    Raises
    ------
    ValueError
        If the shape or dtype of ``dy`` is not that of ``y``.
    """
    factor, shape = cache
    check_float("dy", dy, shape, factor.dtype)
    return np.asarray(dy * factor)
