"""Additive attention: the score of a query and a key is a small net's."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from rnncore.numpy.attention import (
    clear_masked,
    masked_softmax,
    matmul_sequences,
    prepare_keys,
    weighted_mean_backward,
)
from rnncore.numpy.parameters import Parameters
from rnncore.numpy.validation import Array, check_float


@dataclass(frozen=True, eq=False)
class AdditiveAttentionParams(Parameters):
    """Parameters of `additive_attention`; A is the number of hidden units of the score.

    Parameters
    ----------
    weight_query : array (A, Dq)
    weight_key : array (A, Dk)
    bias : array (A,)
    weight_score : array (A,)
        From the hidden units to the score.

    Raises
    ------
    ValueError
        If shapes or floating-point types do not fit together.
    """

    weight_query: Array
    weight_key: Array
    bias: Array
    weight_score: Array

    def __post_init__(self) -> None:
        units, _ = check_float("weight_query", self.weight_query, ("A", "Dq")).shape
        check_float("weight_key", self.weight_key, (units, "Dk"), self.weight_query.dtype)
        check_float("bias", self.bias, (units,), self.weight_query.dtype)
        check_float("weight_score", self.weight_score, (units,), self.weight_query.dtype)

    @classmethod
    def init(
        cls, rng: np.random.Generator, Dq: int, Dk: int, A: int, *, dtype: Any = np.float64
    ) -> Self:
        """Draw weights and bias as ``torch.nn.Linear`` does, each from its number of inputs.

        Raises
        ------
        ValueError
            If a size is below 1.
        """
        if min(Dq, Dk, A) < 1:
            raise ValueError(f"Dq, Dk and A must be at least 1, got {Dq}, {Dk} and {A}")

        def draw(inputs: int, *shape: int) -> Array:
            bound = 1 / np.sqrt(inputs)
            return rng.uniform(-bound, bound, shape).astype(dtype)

        return cls(draw(Dq, A, Dq), draw(Dk, A, Dk), draw(Dk, A), draw(A, A))


def additive_attention(
    query: Array,
    key: Array,
    value: Array,
    params: AdditiveAttentionParams,
    mask: Array | None = None,
) -> tuple[Array, Array, Any]:
    """Return for each query the mean of the values, weighted by the softmax of learned scores.

    The score of query q and key k is v · tanh(W_q q + W_k k + b). The hidden units of all
    scores are kept for the backward: Tq · N · Tk · A numbers.

    Parameters
    ----------
    query : array (Tq, N, Dq)
    key : array (Tk, N, Dk)
    value : array (Tk, N, V)
    params : AdditiveAttentionParams
    mask : bool array (Tk, N) or None
        As `dot_product_attention`.

    Returns
    -------
    output : array (Tq, N, V)
    weights : array (Tq, N, Tk)
        They sum to 1 over the keys. Where a sequence has no real key, weights and output are 0.
    cache
        What `additive_attention_backward` needs; it refers to the arguments and to ``weights``,
        so leave these unchanged.

    Raises
    ------
    ValueError
        If a shape or dtype does not fit the parameters.

    References
    ----------
    D. Bahdanau, K. Cho, Y. Bengio, "Neural machine translation by jointly learning to align and
    translate", 2015, appendix A.1.2.
    """
    query_size, key_size = params.weight_query.shape[1], params.weight_key.shape[1]
    _, N, _ = check_float("query", query, ("Tq", "N", query_size), params.dtype).shape
    check_float("key", key, ("Tk", N, key_size), params.dtype)
    key, value, mask = prepare_keys(key, value, mask, params.dtype)
    from_query = query @ params.weight_query.T + params.bias
    from_key = (key @ params.weight_key.T).transpose(1, 0, 2)
    hidden = from_query[:, :, None] + from_key  # (Tq, N, Tk, A)
    np.tanh(hidden, out=hidden)
    weights = masked_softmax(hidden @ params.weight_score, mask)
    return (
        matmul_sequences(weights, value),
        weights,
        (query, key, value, hidden, weights, mask, params),
    )


def additive_attention_backward(
    doutput: Array, cache: Any
) -> tuple[Array, Array, Array, AdditiveAttentionParams]:
    """Go back from the gradient of the output to those of all that made it.

    Parameters
    ----------
    doutput : array (Tq, N, V)
    cache
        From `additive_attention`; it stays as it is and serves again.

    Returns
    -------
    dquery : array (Tq, N, Dq)
    dkey : array (Tk, N, Dk)
    dvalue : array (Tk, N, V)
        Both are zero where a key is masked.
    dparams : AdditiveAttentionParams

    Raises
    ------
    ValueError
        If the shape or dtype of ``doutput`` is not that of the output.
    """
    query, key, value, hidden, weights, mask, params = cache
    dscores, dvalue = weighted_mean_backward(doutput, weights, value, mask)
    units = len(params.bias)
    da = 1 - hidden * hidden
    da *= params.weight_score
    da *= dscores[..., None]
    da_query = da.sum(axis=2)  # (Tq, N, A): each query meets every key
    da_key = da.sum(axis=0).transpose(1, 0, 2)  # (Tk, N, A)
    query_rows, key_rows = da_query.reshape(-1, units), da_key.reshape(-1, units)
    dparams = params.replace(
        weight_query=query_rows.T @ query.reshape(-1, query.shape[2]),
        weight_key=key_rows.T @ key.reshape(-1, key.shape[2]),
        bias=query_rows.sum(axis=0),
        weight_score=dscores.reshape(-1) @ hidden.reshape(-1, units),
    )
    dkey = clear_masked(da_key @ params.weight_key, mask)
    return da_query @ params.weight_query, dkey, dvalue, dparams
