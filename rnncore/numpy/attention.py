"""Dot-product attention over the states of a sequence, and what every kind of attention shares."""

from typing import Any

import numpy as np

from rnncore.numpy.activations import softmax
from rnncore.numpy.validation import Array, check_float, check_mask


def dot_product_attention(
    query: Array, key: Array, value: Array, mask: Array | None = None, scale: float | None = None
) -> tuple[Array, Array, Any]:
    """Return for each query the mean of the values, weighted by softmax(scale · query · key).

    Parameters
    ----------
    query : array (Tq, N, D)
        Time first, as the states of a decoder.
    key : array (Tk, N, D)
        Time first, as the states of an encoder.
    value : array (Tk, N, V)
        What is averaged; often the keys themselves.
    mask : bool array (Tk, N) or None
        True where a key is real: the mask that the encoder took. Masked keys get weight 0, and
        they and their values may hold anything, NaN included.
    scale : float or None
        None means 1/√D.

    Returns
    -------
    output : array (Tq, N, V)
    weights : array (Tq, N, Tk)
        They sum to 1 over the keys. Where a sequence has no real key, weights and output are 0.
    cache
        What `dot_product_attention_backward` needs; it refers to the arguments and to
        ``weights``, so leave these unchanged.

    Raises
    ------
    ValueError
        If a shape or dtype does not fit.

    References
    ----------
    M.-T. Luong, H. Pham, C. D. Manning, "Effective approaches to attention-based neural machine
    translation", 2015 (scale 1); A. Vaswani et al., "Attention is all you need", 2017, eq. 1.
    """
    _, N, D = check_float("query", query, ("Tq", "N", "D")).shape
    check_float("key", key, ("Tk", N, D), query.dtype)
    key, value, mask = prepare_keys(key, value, mask, query.dtype)
    scale = D**-0.5 if scale is None else float(scale)
    weights = masked_softmax(matmul_sequences(query * scale, key.T), mask)
    return matmul_sequences(weights, value), weights, (query, key, value, weights, mask, scale)


def dot_product_attention_backward(doutput: Array, cache: Any) -> tuple[Array, Array, Array]:
    """Go back from the gradient of the output to those of queries, keys and values.

    Parameters
    ----------
    doutput : array (Tq, N, V)
    cache
        From `dot_product_attention`; it stays as it is and serves again.

    Returns
    -------
    dquery : array (Tq, N, D)
    dkey : array (Tk, N, D)
    dvalue : array (Tk, N, V)
        Both are zero where a key is masked.

    Raises
    ------
    ValueError
        If the shape or dtype of ``doutput`` is not that of the output.
    """
    query, key, value, weights, mask, scale = cache
    dscores, dvalue = weighted_mean_backward(doutput, weights, value, mask)
    dscores *= scale
    dkey = matmul_sequences(dscores.T, query)
    return matmul_sequences(dscores, key), clear_masked(dkey, mask), dvalue


def prepare_keys(
    key: Array, value: Array, mask: Array | None, dtype: Any
) -> tuple[Array, Array, Array | None]:
    """Check what the two kinds share, and set masked keys and values to zero."""
    Tk, N, _ = key.shape
    check_float("value", value, (Tk, N, "V"), dtype)
    mask = check_mask(mask, (Tk, N))
    if mask is not None:
        zero = key.dtype.type(0)
        key, value = (np.where(mask[..., None], part, zero) for part in (key, value))
    return key, value, mask


def matmul_sequences(left: Array, right: Array) -> Array:
    """Multiply (A, N, B) by (B, N, C), sequence by sequence; ``x.T`` turns (T, N, D) round."""
    product = np.empty((len(left), left.shape[1], right.shape[2]), left.dtype)
    first, second, out = (array.transpose(1, 0, 2) for array in (left, right, product))
    np.matmul(first, second, out=out)
    return product


def masked_softmax(scores: Array, mask: Array | None) -> Array:
    """Return the softmax of scores (Tq, N, Tk) over the real keys, or zeros if there is none."""
    if mask is None:
        return softmax(scores)
    real, some_real = mask.T, mask.any(axis=0, keepdims=True).T
    scores = np.where(real, scores, scores.dtype.type(-np.inf))
    peak = np.where(some_real, scores.max(axis=-1, keepdims=True), scores.dtype.type(0))
    weights = np.exp(scores - peak)
    weights /= np.where(some_real, weights.sum(axis=-1, keepdims=True), weights.dtype.type(1))
    return np.asarray(weights)


def weighted_mean_backward(
    doutput: Array, weights: Array, value: Array, mask: Array | None
) -> tuple[Array, Array]:
    """Return the gradients of scores and values: through the mean, then through the softmax."""
    check_float("doutput", doutput, (*weights.shape[:2], value.shape[2]), weights.dtype)
    dvalue = clear_masked(matmul_sequences(weights.T, doutput), mask)
    dweights = matmul_sequences(doutput, value.T)
    dweights -= np.sum(weights * dweights, axis=-1, keepdims=True)
    dweights *= weights
    return dweights, dvalue


def clear_masked(array: Array, mask: Array | None) -> Array:
    """Set to zero, in place, what is masked in (Tk, N, any), even if NaN came from above."""
    if mask is not None:
        np.copyto(array, 0, where=~mask[..., None])
    return array
