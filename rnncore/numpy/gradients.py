"""Gradients in hand: their norm clipped, and checked against centred differences."""

from collections.abc import Callable
from typing import Any

import numpy as np

from rnncore.numpy.trees import map_arrays, named_arrays
from rnncore.numpy.validation import Array


def clip_grad_norm(grads: Any, max_norm: float) -> tuple[Any, float]:
    """Scale all gradients together so that their joint norm is at most ``max_norm``.

    Parameters
    ----------
    grads : tree of arrays as `map_arrays` takes it
    max_norm : float
        Above 0.

    Returns
    -------
    grads : of the same structure
        Times min(1, max_norm / (norm + 1e-6)), as ``torch.nn.utils.clip_grad_norm_``.
    norm : float
        The joint Euclidean norm before clipping.

    Raises
    ------
    ValueError
        If ``max_norm`` is not above 0.

    References
    ----------
    R. Pascanu, T. Mikolov, Y. Bengio, "On the difficulty of training recurrent neural networks",
    2013, algorithm 1.
    """
    if not max_norm > 0:
        raise ValueError(f"max_norm must be above 0, got {max_norm}")
    norm = float(np.sqrt(sum(np.sum(g.astype(np.float64) ** 2) for _, g in named_arrays(grads))))
    scale = float(np.minimum(1.0, max_norm / (norm + 1e-6)))
    return map_arrays(lambda g: g * scale, grads), norm


def centred_difference(
    function: Callable[[Array], float], array: Array, epsilon: float = 1e-5
) -> Array:
    """Return (f(a + ε) - f(a - ε)) / 2ε for each entry of ``array``.

    Parameters
    ----------
    function : callable
        From an array like ``array`` to a number; it gets changed copies.
    array : float64 array
    epsilon : float
        Near the cube root of the machine's precision the error is least.

    Returns
    -------
    array of the shape of ``array``

    Raises
    ------
    ValueError
        If the array is not float64: float32 has too few digits for the difference.
    """
    if not isinstance(array, np.ndarray) or array.dtype != np.float64:
        came = array.dtype if isinstance(array, np.ndarray) else type(array).__name__
        raise ValueError(f"a gradient check needs a float64 array, got {came}")
    slopes = np.empty(array.shape)
    for index in np.ndindex(*array.shape):
        above, below = array.copy(), array.copy()
        above[index] += epsilon
        below[index] -= epsilon
        slopes[index] = (function(above) - function(below)) / (2 * epsilon)
    return slopes


def gradient_error(analytic: Array, numeric: Array) -> float:
    """Return the largest |a - n| / max(1, |a|, |n|): absolute for small entries, else relative."""
    if analytic.shape != numeric.shape:
        raise ValueError(f"gradients must have one shape, got {analytic.shape} and {numeric.shape}")
    scale = np.maximum(1, np.maximum(np.abs(analytic), np.abs(numeric)))
    return float(np.max(np.abs(analytic - numeric) / scale))


def gradient_check(
    loss: Callable[[Any], float], params: Any, grads: Any, epsilon: float = 1e-5
) -> dict[str, float]:
    """Compare gradients with centred differences of the loss, array by array.

    Parameters
    ----------
    loss : callable
        From parameters to a number.
    params, grads : trees of float64 arrays as `map_arrays` takes them, of one structure
    epsilon : float

    Returns
    -------
    dict from the array's name to its `gradient_error`

    Raises
    ------
    ValueError
        If an array is not float64, or the structures differ.
    """
    map_arrays(lambda p, g: p, params, grads)
    gradients = dict(named_arrays(grads))
    errors = {}
    for name, array in named_arrays(params):

        def loss_with(changed: Array, array: Array = array) -> float:
            return loss(map_arrays(lambda a: changed if a is array else a, params))

        numeric = centred_difference(loss_with, array, epsilon)
        errors[name] = gradient_error(gradients[name], numeric)
    return errors
