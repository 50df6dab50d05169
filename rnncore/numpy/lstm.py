"""Long short-term memory: one step and a whole sequence, forward and backward."""

from typing import Any

import numpy as np

from rnncore.numpy.activations import sigmoid
from rnncore.numpy.parameters import LSTMParams
from rnncore.numpy.validation import Array, check_float, check_mask


def lstm_step_forward(x: Array, h: Array, c: Array, params: LSTMParams) -> tuple[Array, Array, Any]:
    """Take one step of the LSTM, equations eq-lstm-gates and eq-lstm-states.

    Parameters
    ----------
    x : array (N, D)
        The inputs of one time step.
    h, c : array (N, H)
        The old hidden state and the old cell state.
    params : LSTMParams

    Returns
    -------
    h_next, c_next : array (N, H)
    cache
        What `lstm_step_backward` needs.

    Raises
    ------
    ValueError
        If a shape or dtype does not fit the parameters.

    References
    ----------
    F. Gers, J. Schmidhuber, F. Cummins, "Learning to forget", 2000; peepholes: F. Gers and
    J. Schmidhuber, "Recurrent nets that time and count", 2000.
    """
    check_float("x", x, ("N", params.input_size), params.dtype)
    check_float("h", h, (len(x), params.hidden_size), params.dtype)
    check_float("c", c, h.shape, params.dtype)
    a = x @ params.weight_ih.T + params.bias_ih + h @ params.weight_hh.T + params.bias_hh
    a_i, a_f, a_g, a_o = np.split(a, 4, axis=1)
    p_i, p_f, p_o = (0, 0, 0) if params.weight_peephole is None else params.weight_peephole
    i = sigmoid(a_i + p_i * c)
    f = sigmoid(a_f + p_f * c)
    g = np.tanh(a_g)
    c_next = f * c + i * g
    o = sigmoid(a_o + p_o * c_next)
    h_next = o * np.tanh(c_next)
    return h_next, c_next, (x, h, c, i, f, g, o, c_next, params)


def lstm_step_backward(
    dh_next: Array, dc_next: Array, cache: Any
) -> tuple[Array, Array, Array, LSTMParams]:
    """Take one step back: from the gradients of the new states to those of all that made them.

    Parameters
    ----------
    dh_next, dc_next : array (N, H)
        Gradients of the loss with respect to the new hidden state and the new cell state.
    cache
        From `lstm_step_forward`; it stays as it is and serves again.

    Returns
    -------
    dx : array (N, D)
    dh, dc : array (N, H)
    dparams : LSTMParams

    Raises
    ------
    ValueError
        If a shape or dtype is not that of the states.
    """
    x, h, c, i, f, g, o, c_next, params = cache
    check_float("dh_next", dh_next, h.shape, params.dtype)
    check_float("dc_next", dc_next, h.shape, params.dtype)
    peephole = params.weight_peephole
    p_i, p_f, p_o = (0, 0, 0) if peephole is None else peephole
    squashed = np.tanh(c_next)
    da_o = dh_next * squashed * o * (1 - o)
    dc_total = dc_next + dh_next * o * (1 - squashed**2) + da_o * p_o
    da_i = dc_total * g * i * (1 - i)
    da_f = dc_total * c * f * (1 - f)
    da_g = dc_total * i * (1 - g**2)
    dc = dc_total * f + da_i * p_i + da_f * p_f
    da = np.hstack([da_i, da_f, da_g, da_o])
    dbias = da.sum(axis=0)
    dparams = params.replace(
        weight_ih=da.T @ x, weight_hh=da.T @ h, bias_ih=dbias, bias_hh=dbias.copy()
    )
    if peephole is not None:
        seen = [(da_i * c).sum(axis=0), (da_f * c).sum(axis=0), (da_o * c_next).sum(axis=0)]
        dparams = dparams.replace(weight_peephole=np.stack(seen))
    return da @ params.weight_ih, da @ params.weight_hh, dc, dparams


def lstm_forward(
    x: Array,
    h0: Array | None,
    c0: Array | None,
    params: LSTMParams,
    mask: Array | None = None,
) -> tuple[Array, Array, Any]:
    """Run the LSTM over a batch of sequences; the engine behind `lstm_step_forward`.

    Parameters
    ----------
    x : array (T, N, D)
        Time first. Where ``mask`` is False it may hold anything, NaN included.
    h0, c0 : array (N, H) or None
        The states before the first step; None means zeros.
    params : LSTMParams
    mask : bool array (T, N) or None
        True where a step is real. Where it is False both states are carried over unchanged.

    Returns
    -------
    h, c : array (T, N, H)
        All states; ``h[-1]`` and ``c[-1]`` are the last real ones of each sequence.
    cache
        What `lstm_backward` needs; it refers to ``x``, ``h`` and ``c``: leave these unchanged.

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
    h_states, c_states = (np.empty((T + 1, N, H), params.dtype) for _ in range(2))
    h_states[0] = 0 if h0 is None else check_float("h0", h0, (N, H), params.dtype)
    c_states[0] = 0 if c0 is None else check_float("c0", c0, (N, H), params.dtype)

    # sigmoid(a) = tanh(a/2)/2 + 1/2: with halved rows one tanh serves all four gates at once.
    half = np.repeat(np.array([0.5, 0.5, 1, 0.5], params.dtype), H)
    shift = np.repeat(np.array([0.5, 0.5, 0, 0.5], params.dtype), H)
    weight_hh = (params.weight_hh * half[:, None]).T
    peephole = None if params.weight_peephole is None else params.weight_peephole * half[0]
    gates = np.empty((T, N, 4 * H), params.dtype)
    rows = gates.reshape(T * N, 4 * H)
    np.matmul(x.reshape(T * N, D), (params.weight_ih * half[:, None]).T, out=rows)
    rows += (params.bias_ih + params.bias_hh) * half
    squashed = np.empty((T, N, H), params.dtype)
    from_state, product = np.empty((N, 4 * H), params.dtype), np.empty((N, H), params.dtype)
    states = zip(h_states[:-1], h_states[1:], c_states[:-1], c_states[1:], squashed, strict=True)
    for t, (gate, i, f, g, o) in enumerate(zip(gates, *_parts(gates, H), strict=True)):
        h, h_next, c, c_next, squashed_t = next(states)
        np.matmul(h, weight_hh, out=from_state)
        gate += from_state
        if peephole is not None:
            i += peephole[0] * c
            f += peephole[1] * c
            _squash(gate[:, : 3 * H], half[: 3 * H], shift[: 3 * H])
        else:
            _squash(gate, half, shift)
        np.multiply(f, c, out=c_next)
        np.multiply(i, g, out=product)
        c_next += product
        if peephole is not None:
            o += peephole[2] * c_next
            _squash(o, half[0], shift[0])
        np.tanh(c_next, out=squashed_t)
        np.multiply(o, squashed_t, out=h_next)
        if mask is not None:
            carried = ~mask[t, :, None]
            np.copyto(h_next, h, where=carried)
            np.copyto(c_next, c, where=carried)
    return h_states[1:], c_states[1:], (x, h_states, c_states, gates, squashed, mask, params)


def lstm_backward(
    dh: Array, dc: Array | None, cache: Any
) -> tuple[Array, Array, Array, LSTMParams]:
    """Go back through time over a batch of sequences.

    Parameters
    ----------
    dh : array (T, N, H)
        ``dh[t]`` is the gradient of the loss with respect to the hidden state at t.
    dc : array (T, N, H) or None
        The same for the cell state; None means zeros.
    cache
        From `lstm_forward`; it stays as it is and serves again.

    Returns
    -------
    dx : array (T, N, D)
        Zero where a step is masked.
    dh0, dc0 : array (N, H)
    dparams : LSTMParams

    Raises
    ------
    ValueError
        If a shape or dtype is not that of the states.
    """
    x, h_states, c_states, gates, squashed, mask, params = cache
    T, N, D = x.shape
    H = params.hidden_size
    check_float("dh", dh, (T, N, H), params.dtype)
    if dc is not None:
        check_float("dc", dc, (T, N, H), params.dtype)
    peephole = params.weight_peephole

    # First what does not depend on the gradients, for all steps at once; then, in place, these.
    i, f, g, o = _parts(gates, H)
    da = np.empty((T, N, 4 * H), params.dtype)
    da_i, da_f, da_g, da_o = _parts(da, H)
    np.subtract(1, gates, out=da)
    da *= gates  # slopes of i, f and o; that of g is set here:
    np.multiply(g, g, out=da_g)
    np.subtract(1, da_g, out=da_g)
    da_i *= g
    da_f *= c_states[:-1]
    da_g *= i
    da_o *= squashed
    into_c = np.multiply(squashed, squashed)
    np.subtract(1, into_c, out=into_c)
    into_c *= o

    dh_next, dc_next = np.zeros((N, H), params.dtype), np.zeros((N, H), params.dtype)
    da_ifg = da.reshape(T, N, 4, H)[:, :, :3]
    for t in reversed(range(T)):
        dh_next += dh[t]
        if dc is not None:
            dc_next += dc[t]
        dc_t = dc_next if mask is None else dc_next.copy()
        da_o[t] *= dh_next
        into_c[t] *= dh_next
        dc_t += into_c[t]
        if peephole is not None:
            dc_t += da_o[t] * peephole[2]
        da_ifg[t] *= dc_t[:, None, :]
        dc_t *= f[t]
        if peephole is not None:
            dc_t += da_i[t] * peephole[0] + da_f[t] * peephole[1]
        if mask is None:
            np.matmul(da[t], params.weight_hh, out=dh_next)
        else:
            real = mask[t, :, None]
            np.copyto(dh_next, da[t] @ params.weight_hh, where=real)
            np.copyto(dc_next, dc_t, where=real)
    if mask is not None:
        da[~mask] = 0

    rows = da.reshape(T * N, 4 * H)
    dbias = rows.sum(axis=0)
    dparams = params.replace(
        weight_ih=rows.T @ x.reshape(T * N, D),
        weight_hh=rows.T @ h_states[:-1].reshape(T * N, H),
        bias_ih=dbias,
        bias_hh=dbias.copy(),
    )
    if peephole is not None:
        i_f_o = da.reshape(T, N, 4, H)[:, :, [0, 1, 3]]
        c_seen = np.stack([c_states[:-1], c_states[:-1], c_states[1:]], axis=2)
        dparams = dparams.replace(weight_peephole=np.einsum("tngh,tngh->gh", i_f_o, c_seen))
    dx = (rows @ params.weight_ih).reshape(T, N, D)
    return dx, dh_next, dc_next, dparams


def _parts(gates: Array, H: int) -> tuple[Array, ...]:
    """Views of the four gates i, f, g, o along the last axis."""
    return tuple(gates[..., k * H : (k + 1) * H] for k in range(4))


def _squash(a: Array, half: Array, shift: Array) -> None:
    """Apply each gate's activation in place; ``a`` is already halved for the sigmoids."""
    np.tanh(a, out=a)
    a *= half
    a += shift
