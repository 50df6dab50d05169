"""The recurrent cell: one step and a whole sequence, forward and backward."""

from typing import Any

import numpy as np

from rnncore.numpy.parameters import RNNParams
from rnncore.numpy.validation import Array, check_float, check_mask


def rnn_step_forward(x: Array, h: Array, params: RNNParams) -> tuple[Array, Any]:
    """Take one step of the recurrent cell, equation eq-cell.

    Parameters
    ----------
    x : array (N, D)
        The inputs of one time step.
    h : array (N, H)
        The old state.
    params : RNNParams

    Returns
    -------
    h_next : array (N, H)
    cache
        What `rnn_step_backward` needs.

    Raises
    ------
    ValueError
        If a shape or dtype does not fit the parameters.

    References
    ----------
    J. L. Elman, "Finding structure in time", Cognitive Science 14, 1990.
    """
    check_float("x", x, ("N", params.input_size), params.dtype)
    check_float("h", h, (len(x), params.hidden_size), params.dtype)
    from_input = x @ params.weight_ih.T + params.bias_ih
    from_state = h @ params.weight_hh.T + params.bias_hh
    h_next = _activate(from_input + from_state, params.nonlinearity)
    return h_next, (x, h, h_next, params)


def rnn_step_backward(dh_next: Array, cache: Any) -> tuple[Array, Array, RNNParams]:
    """Take one step back: from the gradient of the new state to those of all that made it.

    Parameters
    ----------
    dh_next : array (N, H)
        Gradient of the loss with respect to the new state.
    cache
        From `rnn_step_forward`; it stays as it is and serves again.

    Returns
    -------
    dx : array (N, D)
    dh : array (N, H)
    dparams : RNNParams

    Raises
    ------
    ValueError
        If the shape or dtype of ``dh_next`` is not that of the state.
    """
    x, h, h_next, params = cache
    check_float("dh_next", dh_next, h_next.shape, params.dtype)
    da = dh_next * _slope(h_next, params.nonlinearity)
    dx = da @ params.weight_ih
    dh = da @ params.weight_hh
    dbias = da.sum(axis=0)
    dparams = params.replace(
        weight_ih=da.T @ x, weight_hh=da.T @ h, bias_ih=dbias, bias_hh=dbias.copy()
    )
    return dx, dh, dparams


def rnn_forward(
    x: Array, h0: Array | None, params: RNNParams, mask: Array | None = None
) -> tuple[Array, Any]:
    """Run the cell over a batch of sequences; the engine behind `rnn_step_forward`.

    Parameters
    ----------
    x : array (T, N, D)
        Time first. Where ``mask`` is False it may hold anything, NaN included.
    h0 : array (N, H) or None
        The state before the first step; None means zeros.
    params : RNNParams
    mask : bool array (T, N) or None
        True where a step is real. Where it is False the state is carried over unchanged.

    Returns
    -------
    h : array (T, N, H)
        All states; ``h[-1]`` is the last real state of each sequence.
    cache
        What `rnn_backward` needs; it refers to ``x`` and ``h``, so leave these unchanged.

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

    states = np.empty((T + 1, N, H), params.dtype)
    states[0] = 0 if h0 is None else check_float("h0", h0, (N, H), params.dtype)
    h = states[1:]
    np.matmul(x.reshape(T * N, D), params.weight_ih.T, out=h.reshape(T * N, H))
    h += params.bias_ih + params.bias_hh
    from_state = np.empty((N, H), params.dtype)
    for t in range(T):
        np.matmul(states[t], params.weight_hh.T, out=from_state)
        h[t] += from_state
        _activate(h[t], params.nonlinearity, out=h[t])
        if mask is not None:
            np.copyto(h[t], states[t], where=~mask[t, :, None])
    return h, (x, states, mask, params)


def rnn_backward(dh: Array, cache: Any) -> tuple[Array, Array, RNNParams]:
    """Go back through time over a batch of sequences.

    Parameters
    ----------
    dh : array (T, N, H)
        ``dh[t]`` is the gradient of the loss with respect to the output at t; a gradient into the
        last state adds to ``dh[-1]``.
    cache
        From `rnn_forward`; it stays as it is and serves again.

    Returns
    -------
    dx : array (T, N, D)
        Zero where a step is masked.
    dh0 : array (N, H)
    dparams : RNNParams

    Raises
    ------
    ValueError
        If the shape or dtype of ``dh`` is not that of the states.
    """
    x, states, mask, params = cache
    T, N, D = x.shape
    H = params.hidden_size
    check_float("dh", dh, (T, N, H), params.dtype)

    da = _slope(states[1:], params.nonlinearity)
    dh_next = np.zeros((N, H), params.dtype)
    for t in reversed(range(T)):
        dh_next += dh[t]
        da[t] *= dh_next
        if mask is None:
            np.matmul(da[t], params.weight_hh, out=dh_next)
        else:
            real = mask[t, :, None]
            np.copyto(da[t], 0, where=~real)
            np.copyto(dh_next, da[t] @ params.weight_hh, where=real)

    da_rows = da.reshape(T * N, H)
    dx = (da_rows @ params.weight_ih).reshape(T, N, D)
    dbias = da_rows.sum(axis=0)
    dparams = params.replace(
        weight_ih=da_rows.T @ x.reshape(T * N, D),
        weight_hh=da_rows.T @ states[:-1].reshape(T * N, H),
        bias_ih=dbias,
        bias_hh=dbias.copy(),
    )
    return dx, dh_next, dparams


def _activate(a: Array, nonlinearity: str, out: Array | None = None) -> Array:
    result = np.tanh(a, out=out) if nonlinearity == "tanh" else np.maximum(a, 0, out=out)
    return np.asarray(result)


def _slope(h: Array, nonlinearity: str) -> Array:
    """φ′ where φ took the value h; `heaviside` lets NaN through, a comparison would hide it."""
    return np.asarray(1 - h * h if nonlinearity == "tanh" else np.heaviside(h, h.dtype.type(0)))
