"""Embedding: a row of a table for each symbol, the same as a one-hot vector times the table."""

import numpy as np

from rnncore.numpy.parameters import EmbeddingParams
from rnncore.numpy.validation import Array, check_float, check_ids


def embedding_forward(
    ids: Array, params: EmbeddingParams
) -> tuple[Array, tuple[Array, EmbeddingParams]]:
    """Look up the row of each symbol.

    Parameters
    ----------
    ids : int array (...)
        Symbols, 0 to K - 1; usually (T, N).
    params : EmbeddingParams

    Returns
    -------
    x : array (..., D)
    cache
        What `embedding_backward` needs.

    Raises
    ------
    ValueError
        If ids are not integers or lie outside the table.
    """
    check_ids("ids", ids, len(params.weight))
    return params.weight[ids], (ids, params)


def embedding_backward(dx: Array, cache: tuple[Array, EmbeddingParams]) -> EmbeddingParams:
    """Add up, for each symbol, the gradients of all places where it stood.

    Parameters
    ----------
    dx : array (..., D)
    cache
        From `embedding_forward`.

    Returns
    -------
    dparams : EmbeddingParams

    Raises
    ------
    ValueError
        If the shape or dtype of ``dx`` is not that of the output.
    """
    ids, params = cache
    size = params.weight.shape[1]
    check_float("dx", dx, (*ids.shape, size), params.dtype)
    dweight = np.zeros_like(params.weight)
    order = np.argsort(ids, axis=None, kind="stable")
    symbols, starts = np.unique(ids.reshape(-1)[order], return_index=True)
    dweight[symbols] = np.add.reduceat(dx.reshape(-1, size)[order], starts, axis=0)
    return params.replace(weight=dweight)
