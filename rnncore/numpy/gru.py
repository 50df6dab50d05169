"""The gated recurrent unit in both published forms: one step and a whole sequence."""

from typing import Any

import numpy as np

from rnncore.numpy.activations import sigmoid
from rnncore.numpy.parameters import GRUParams
from rnncore.numpy.validation import Array, check_float, check_mask


def gru_step_forward(x: Array, h: Array, params: GRUParams) -> tuple[Array, Any]:
    """Take one step of the GRU, equation eq-gru; ``params.reset_after`` names the form.

    Parameters
    ----------
    x : array (N, D)
        The inputs of one time step.
    h : array (N, H)
        The old state.
    params : GRUParams

    Returns
    -------
    h_next : array (N, H)
    cache
        What `gru_step_backward` needs.

    Raises
    ------
    ValueError
        If a shape or dtype does not fit the parameters.

    References
    ----------
    Reset before the product: K. Cho et al., "Learning phrase representations using RNN
    encoder-decoder", 2014. After it: the form of cuDNN, which ``torch.nn.GRU`` computes.
    """
    check_float("x", x, ("N", params.input_size), params.dtype)
    check_float("h", h, (len(x), params.hidden_size), params.dtype)
    H = params.hidden_size
    from_input = x @ params.weight_ih.T + params.bias_ih
    weight_rz, weight_n = params.weight_hh[: 2 * H], params.weight_hh[2 * H :]
    from_state = h @ weight_rz.T + params.bias_hh[: 2 * H]
    r, z = np.split(sigmoid(from_input[:, : 2 * H] + from_state), 2, axis=1)
    if params.reset_after:
        product = h @ weight_n.T + params.bias_hh[2 * H :]
        n = np.tanh(from_input[:, 2 * H :] + r * product)
    else:
        product = (r * h) @ weight_n.T + params.bias_hh[2 * H :]
        n = np.tanh(from_input[:, 2 * H :] + product)
    h_next = (1 - z) * n + z * h
    return h_next, (x, h, r, z, n, product, params)


def gru_step_backward(dh_next: Array, cache: Any) -> tuple[Array, Array, GRUParams]:
    """Take one step back: from the gradient of the new state to those of all that made it.

    Parameters
    ----------
    dh_next : array (N, H)
        Gradient of the loss with respect to the new state.
    cache
        From `gru_step_forward`; it stays as it is and serves again.

    Returns
    -------
    dx : array (N, D)
    dh : array (N, H)
    dparams : GRUParams

    Raises
    ------
    ValueError
        If the shape or dtype of ``dh_next`` is not that of the state.
    """
    x, h, r, z, n, product, params = cache
    check_float("dh_next", dh_next, h.shape, params.dtype)
    H = params.hidden_size
    weight_rz, weight_n = params.weight_hh[: 2 * H], params.weight_hh[2 * H :]
    da_z = dh_next * (h - n) * z * (1 - z)
    da_n = dh_next * (1 - z) * (1 - n**2)
    dh = dh_next * z
    if params.reset_after:
        dproduct = da_n * r
        dr, factor = da_n * product, h
        dh = dh + dproduct @ weight_n
    else:
        dproduct = da_n
        dfactor = da_n @ weight_n
        dr, factor = dfactor * h, r * h
        dh = dh + dfactor * r
    da_rz = np.hstack([dr * r * (1 - r), da_z])
    dh = dh + da_rz @ weight_rz
    da_input = np.hstack([da_rz, da_n])
    dparams = params.replace(
        weight_ih=da_input.T @ x,
        weight_hh=np.vstack([da_rz.T @ h, dproduct.T @ factor]),
        bias_ih=da_input.sum(axis=0),
        bias_hh=np.hstack([da_rz, dproduct]).sum(axis=0),
    )
    return da_input @ params.weight_ih, dh, dparams


def gru_forward(
    x: Array, h0: Array | None, params: GRUParams, mask: Array | None = None
) -> tuple[Array, Any]:
    """Run the GRU over a batch of sequences; the engine behind `gru_step_forward`.

    Parameters
    ----------
    x : array (T, N, D)
        Time first. Where ``mask`` is False it may hold anything, NaN included.
    h0 : array (N, H) or None
        The state before the first step; None means zeros.
    params : GRUParams
    mask : bool array (T, N) or None
        True where a step is real. Where it is False the state is carried over unchanged.

    Returns
    -------
    h : array (T, N, H)
        All states; ``h[-1]`` is the last real state of each sequence.
    cache
        What `gru_backward` needs; it refers to ``x`` and ``h``, so leave these unchanged.

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

    # sigmoid(a) = tanh(a/2)/2 + 1/2: what leads to r and z is halved once, before the loop.
    half = np.array(0.5, params.dtype)
    weight_rz, weight_n = half * params.weight_hh[: 2 * H].T, params.weight_hh[2 * H :].T
    bias_rz = half * (params.bias_ih + params.bias_hh)[: 2 * H]
    bias_n = params.bias_hh[2 * H :]
    gates, candidates = np.empty((T, N, 2 * H), params.dtype), np.empty((T, N, H), params.dtype)
    x_rows = x.reshape(T * N, D)
    np.matmul(x_rows, half * params.weight_ih[: 2 * H].T, out=gates.reshape(T * N, 2 * H))
    np.matmul(x_rows, params.weight_ih[2 * H :].T, out=candidates.reshape(T * N, H))
    gates += bias_rz
    candidates += params.bias_ih[2 * H :]
    products = np.empty((T, N, H), params.dtype)  # W_hn h + b_hn, or r h
    from_state, mixed = np.empty((N, 2 * H), params.dtype), np.empty((N, H), params.dtype)
    walk = zip(gates, gates[..., :H], gates[..., H:], candidates, products, strict=True)
    for t, (rz, r, z, n, product) in enumerate(walk):
        h, h_next = states[t], states[t + 1]
        np.matmul(h, weight_rz, out=from_state)
        rz += from_state
        np.tanh(rz, out=rz)
        rz *= half
        rz += half
        if params.reset_after:
            np.matmul(h, weight_n, out=product)
            product += bias_n
            np.multiply(r, product, out=mixed)
        else:
            np.multiply(r, h, out=product)
            np.matmul(product, weight_n, out=mixed)
            mixed += bias_n
        n += mixed
        np.tanh(n, out=n)
        np.subtract(h, n, out=h_next)  # h' = n + z (h - n)
        h_next *= z
        h_next += n
        if mask is not None:
            np.copyto(h_next, h, where=~mask[t, :, None])
    return states[1:], (x, states, gates, candidates, products, mask, params)


def gru_backward(dh: Array, cache: Any) -> tuple[Array, Array, GRUParams]:
    """Go back through time over a batch of sequences.

    Parameters
    ----------
    dh : array (T, N, H)
        ``dh[t]`` is the gradient of the loss with respect to the output at t; a gradient into the
        last state adds to ``dh[-1]``.
    cache
        From `gru_forward`; it stays as it is and serves again.

    Returns
    -------
    dx : array (T, N, D)
        Zero where a step is masked.
    dh0 : array (N, H)
    dparams : GRUParams

    Raises
    ------
    ValueError
        If the shape or dtype of ``dh`` is not that of the states.
    """
    x, states, gates, n, products, mask, params = cache
    T, N, D = x.shape
    H = params.hidden_size
    check_float("dh", dh, (T, N, H), params.dtype)
    weight_rz, weight_n = params.weight_hh[: 2 * H], params.weight_hh[2 * H :]

    # First what does not depend on the gradients, for all steps at once; then, in place, these.
    h, r, z = states[:-1], gates[..., :H], gates[..., H:]
    da = np.empty((T, N, 3 * H), params.dtype)
    da_rz, da_r, da_z = da[..., : 2 * H], da[..., :H], da[..., H : 2 * H]
    np.subtract(1, gates, out=da_rz)
    da_n = np.multiply(n, n)
    np.subtract(1, da_n, out=da_n)
    da_n *= da_z  # (1 - z) (1 - n²)
    da_rz *= gates
    da_r *= products if params.reset_after else h
    da_z *= h - n
    if params.reset_after:
        da[..., 2 * H :] = r  # what leads from a_n to W_hn's product

    dh_next, from_gates = np.zeros((N, H), params.dtype), np.empty((N, H), params.dtype)
    da_rn = da.reshape(T, N, 3, H)[:, :, ::2]
    for t in reversed(range(T)):
        dh_next += dh[t]
        dh_t = dh_next if mask is None else dh_next.copy()
        da_n[t] *= dh_t
        da_z[t] *= dh_t
        dh_t *= z[t]
        if params.reset_after:
            da_rn[t] *= da_n[t, :, None, :]
            np.matmul(da[t], params.weight_hh, out=from_gates)
        else:
            dfactor = da_n[t] @ weight_n
            da_r[t] *= dfactor
            da[t, :, 2 * H :] = da_n[t]
            dfactor *= r[t]
            dh_t += dfactor
            np.matmul(da[t, :, : 2 * H], weight_rz, out=from_gates)
        dh_t += from_gates
        if mask is not None:
            np.copyto(dh_next, dh_t, where=mask[t, :, None])
    if mask is not None:
        da[~mask] = 0
        da_n[~mask] = 0

    rows, h_rows = da.reshape(T * N, 3 * H), states[:-1].reshape(T * N, H)
    if params.reset_after:
        dweight_hh = rows.T @ h_rows
    else:
        product_rows = products.reshape(T * N, H)
        dweight_hh = np.vstack([rows[:, : 2 * H].T @ h_rows, rows[:, 2 * H :].T @ product_rows])
    dbias_hh = rows.sum(axis=0)
    da[..., 2 * H :] = da_n  # from here on the gradients at what came from the input
    dparams = params.replace(
        weight_ih=rows.T @ x.reshape(T * N, D),
        weight_hh=dweight_hh,
        bias_ih=rows.sum(axis=0),
        bias_hh=dbias_hh,
    )
    return (rows @ params.weight_ih).reshape(T, N, D), dh_next, dparams
