"""The linear read-out."""

import numpy as np

from rnncore.numpy.parameters import LinearParams
from rnncore.numpy.validation import Array, check_float


def linear_forward(x: Array, params: LinearParams) -> tuple[Array, tuple[Array, LinearParams]]:
    """Return y = W x + b at every place, equation eq-readout.

    Parameters
    ----------
    x : array (..., H)
        Usually the states (T, N, H).
    params : LinearParams

    Returns
    -------
    y : array (..., K)
    cache
        What `linear_backward` needs.

    Raises
    ------
    ValueError
        If the shape or dtype of ``x`` does not fit the parameters.
    """
    places = x.shape[:-1] if isinstance(x, np.ndarray) else ()
    check_float("x", x, (*places, params.weight.shape[1]), params.dtype)
    rows = x.reshape(-1, x.shape[-1]) @ params.weight.T
    rows += params.bias
    return rows.reshape(*places, -1), (x, params)


def linear_backward(dy: Array, cache: tuple[Array, LinearParams]) -> tuple[Array, LinearParams]:
    """Return the gradients of what went into `linear_forward`.

    Parameters
    ----------
    dy : array (..., K)
    cache
        From `linear_forward`.

    Returns
    -------
    dx : array (..., H)
    dparams : LinearParams

    Raises
    ------
    ValueError
        If the shape or dtype of ``dy`` is not that of the output.
    """
    x, params = cache
    check_float("dy", dy, (*x.shape[:-1], len(params.bias)), params.dtype)
    dy_rows = dy.reshape(-1, dy.shape[-1])
    dparams = params.replace(
        weight=dy_rows.T @ x.reshape(-1, x.shape[-1]), bias=dy_rows.sum(axis=0)
    )
    return (dy_rows @ params.weight).reshape(x.shape), dparams
