"""minGRU, whose gate does not see the state: one step, and a whole sequence by a scan."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from rnncore.numpy.activations import sigmoid
from rnncore.numpy.linear_recurrence import linear_recurrence_backward, linear_recurrence_scan
from rnncore.numpy.parameters import Parameters
from rnncore.numpy.validation import Array, check_float, check_mask


@dataclass(frozen=True, eq=False)
class MinGRUParams(Parameters):
    """Parameters of the minGRU: weight (2H, D) and bias (2H,), first gate z, then candidate.

    Raises
    ------
    ValueError
        If shapes or floating-point types do not fit together.

    References
    ----------
    L. Feng et al., "Were RNNs all we needed?", 2024.
    """

    weight: Array
    bias: Array

    def __post_init__(self) -> None:
        rows, _ = check_float("weight", self.weight, ("2H", "D")).shape
        if rows % 2:
            raise ValueError(f"weight must have 2 rows for each unit, got {rows} rows")
        check_float("bias", self.bias, (rows,), self.weight.dtype)

    @property
    def input_size(self) -> int:
        """D, the number of inputs."""
        return int(self.weight.shape[1])

    @property
    def hidden_size(self) -> int:
        """H, the number of units."""
        return len(self.weight) // 2

    @classmethod
    def init(cls, rng: np.random.Generator, D: int, H: int, *, dtype: Any = np.float64) -> Self:
        """Draw everything uniformly in ±1/√D, as ``torch.nn.Linear`` does.

        Raises
        ------
        ValueError
            If a size is below 1.
        """
        if D < 1 or H < 1:
            raise ValueError(f"D and H must be at least 1, got {D} and {H}")
        bound = 1 / np.sqrt(D)
        weight = rng.uniform(-bound, bound, (2 * H, D)).astype(dtype)
        return cls(weight, rng.uniform(-bound, bound, 2 * H).astype(dtype))


def min_gru_step_forward(x: Array, h: Array, params: MinGRUParams) -> tuple[Array, Any]:
    """Take one step of the minGRU, equation eq-min-gru.

    Parameters
    ----------
    x : array (N, D)
        The inputs of one time step.
    h : array (N, H)
        The old state.
    params : MinGRUParams

    Returns
    -------
    h_next : array (N, H)
    cache
        What `min_gru_step_backward` needs.

    Raises
    ------
    ValueError
        If a shape or dtype does not fit the parameters.

    References
    ----------
    L. Feng et al., "Were RNNs all we needed?", 2024.
    """
    check_float("x", x, ("N", params.input_size), params.dtype)
    check_float("h", h, (len(x), params.hidden_size), params.dtype)
    a_z, candidate = np.split(x @ params.weight.T + params.bias, 2, axis=1)
    z = sigmoid(a_z)
    h_next = (1 - z) * h + z * candidate
    return h_next, (x, h, z, candidate, params)


def min_gru_step_backward(dh_next: Array, cache: Any) -> tuple[Array, Array, MinGRUParams]:
    """Take one step back: from the gradient of the new state to those of all that made it.

    Parameters
    ----------
    dh_next : array (N, H)
        Gradient of the loss with respect to the new state.
    cache
        From `min_gru_step_forward`; it stays as it is and serves again.

    Returns
    -------
    dx : array (N, D)
    dh : array (N, H)
    dparams : MinGRUParams

    Raises
    ------
    ValueError
        If the shape or dtype of ``dh_next`` is not that of the state.
    """
    x, h, z, candidate, params = cache
    check_float("dh_next", dh_next, h.shape, params.dtype)
    da_z = dh_next * (candidate - h) * z * (1 - z)
    da = np.hstack([da_z, dh_next * z])
    dparams = params.replace(weight=da.T @ x, bias=da.sum(axis=0))
    return da @ params.weight, dh_next * (1 - z), dparams


def min_gru_forward(
    x: Array, h0: Array | None, params: MinGRUParams, mask: Array | None = None
) -> tuple[Array, Any]:
    """Run the minGRU over a batch of sequences; the engine behind `min_gru_step_forward`.

    Gates and candidates need no state, so they come from one product; what is left is the linear
    recurrence with a = 1 - z and b = z ∘ candidate.

    Parameters
    ----------
    x : array (T, N, D)
        Time first. Where ``mask`` is False it may hold anything, NaN included.
    h0 : array (N, H) or None
        The state before the first step; None means zeros.
    params : MinGRUParams
    mask : bool array (T, N) or None
        True where a step is real. Where it is False the state is carried over unchanged.

    Returns
    -------
    h : array (T, N, H)
        All states; ``h[-1]`` is the last real state of each sequence.
    cache
        What `min_gru_backward` needs; it refers to ``x`` and ``h``, so leave these unchanged.

    Raises
    ------
    ValueError
        If a shape or dtype does not fit the parameters.
    """
    T, N, D = check_float("x", x, ("T", "N", params.input_size), params.dtype).shape
    H = params.hidden_size
    mask = check_mask(mask, (T, N))
    if mask is not None:
        x = np.where(mask[..., None], x, x.dtype.type(0))
    gates = np.empty((T, N, 2 * H), params.dtype)
    rows = gates.reshape(T * N, 2 * H)
    np.matmul(x.reshape(T * N, D), params.weight.T, out=rows)
    rows += params.bias
    z, candidate = gates[..., :H], gates[..., H:]
    z *= 0.5  # sigmoid(a) = tanh(a/2)/2 + 1/2
    np.tanh(z, out=z)
    z *= 0.5
    z += 0.5
    h, recurrence = linear_recurrence_scan(1 - z, z * candidate, h0, mask)
    return h, (x, gates, recurrence, params)


def min_gru_backward(dh: Array, cache: Any) -> tuple[Array, Array, MinGRUParams]:
    """Go back through time over a batch of sequences.

    Parameters
    ----------
    dh : array (T, N, H)
        ``dh[t]`` is the gradient of the loss with respect to the output at t; a gradient into the
        last state adds to ``dh[-1]``.
    cache
        From `min_gru_forward`; it stays as it is and serves again.

    Returns
    -------
    dx : array (T, N, D)
        Zero where a step is masked.
    dh0 : array (N, H)
    dparams : MinGRUParams

    Raises
    ------
    ValueError
        If the shape or dtype of ``dh`` is not that of the states.
    """
    x, gates, recurrence, params = cache
    T, N, D = x.shape
    H = params.hidden_size
    dkept, dadded, dh0 = linear_recurrence_backward(dh, recurrence)

    z, candidate = gates[..., :H], gates[..., H:]
    da = np.empty_like(gates)
    da_z, da_candidate = da[..., :H], da[..., H:]
    np.multiply(dadded, candidate, out=da_z)
    da_z -= dkept
    da_z *= z
    da_z *= np.subtract(1, z, out=dkept)
    np.multiply(dadded, z, out=da_candidate)
    rows = da.reshape(T * N, 2 * H)
    dparams = params.replace(weight=rows.T @ x.reshape(T * N, D), bias=rows.sum(axis=0))
    return (rows @ params.weight).reshape(T, N, D), dh0, dparams
