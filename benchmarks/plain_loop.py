"""The usual NumPy implementation: one step after another with merged gates, nothing hoisted.

Fairly written: float32, one product with the input and one with the state for all gates together,
gradients of the weights summed as the loop goes. It stands here to be compared with.
"""

import numpy as np

from rnncore.numpy import sigmoid


def rnn(x, params, dh):
    """One training step of the tanh cell: all states, and all gradients."""
    T, N, _ = x.shape
    h = np.zeros((N, params.hidden_size), x.dtype)
    states = [h]
    for t in range(T):
        a = x[t] @ params.weight_ih.T + params.bias_ih + h @ params.weight_hh.T + params.bias_hh
        h = np.tanh(a)
        states.append(h)
    dx, dnext = np.empty_like(x), np.zeros_like(h)
    dwi, dwh = np.zeros_like(params.weight_ih), np.zeros_like(params.weight_hh)
    db = np.zeros_like(params.bias_ih)
    for t in reversed(range(T)):
        da = (dh[t] + dnext) * (1 - states[t + 1] ** 2)
        dx[t], dnext = da @ params.weight_ih, da @ params.weight_hh
        dwi += da.T @ x[t]
        dwh += da.T @ states[t]
        db += da.sum(axis=0)
    return states, dx, dnext, dwi, dwh, db


def lstm(x, params, dh):
    """One training step of the LSTM: all states, and all gradients."""
    T, N, _ = x.shape
    H = params.hidden_size
    h, c = np.zeros((N, H), x.dtype), np.zeros((N, H), x.dtype)
    steps = []
    for t in range(T):
        a = x[t] @ params.weight_ih.T + params.bias_ih + h @ params.weight_hh.T + params.bias_hh
        i, f, o = sigmoid(a[:, :H]), sigmoid(a[:, H : 2 * H]), sigmoid(a[:, 3 * H :])
        g = np.tanh(a[:, 2 * H : 3 * H])
        old_h, old_c = h, c
        c = f * c + i * g
        squashed = np.tanh(c)
        h = o * squashed
        steps.append((old_h, old_c, i, f, g, o, squashed))
    dx, dnext, dc = np.empty_like(x), np.zeros_like(h), np.zeros_like(c)
    dwi, dwh = np.zeros_like(params.weight_ih), np.zeros_like(params.weight_hh)
    db = np.zeros_like(params.bias_ih)
    for t in reversed(range(T)):
        old_h, old_c, i, f, g, o, squashed = steps[t]
        total = dh[t] + dnext
        dc = dc + total * o * (1 - squashed**2)
        da = np.hstack(
            [
                dc * g * i * (1 - i),
                dc * old_c * f * (1 - f),
                dc * i * (1 - g**2),
                total * squashed * o * (1 - o),
            ]
        )
        dc = dc * f
        dx[t], dnext = da @ params.weight_ih, da @ params.weight_hh
        dwi += da.T @ x[t]
        dwh += da.T @ old_h
        db += da.sum(axis=0)
    return steps, dx, dnext, dc, dwi, dwh, db


def gru(x, params, dh):
    """One training step of the GRU, reset after the product: all states, and all gradients."""
    T, N, _ = x.shape
    H = params.hidden_size
    h = np.zeros((N, H), x.dtype)
    steps = []
    for t in range(T):
        from_input = x[t] @ params.weight_ih.T + params.bias_ih
        from_state = h @ params.weight_hh.T + params.bias_hh
        rz = sigmoid(from_input[:, : 2 * H] + from_state[:, : 2 * H])
        r, z, product = rz[:, :H], rz[:, H:], from_state[:, 2 * H :]
        n = np.tanh(from_input[:, 2 * H :] + r * product)
        steps.append((h, r, z, n, product))
        h = (1 - z) * n + z * h
    dx, dnext = np.empty_like(x), np.zeros_like(h)
    dwi, dwh = np.zeros_like(params.weight_ih), np.zeros_like(params.weight_hh)
    dbi, dbh = np.zeros_like(params.bias_ih), np.zeros_like(params.bias_hh)
    for t in reversed(range(T)):
        old_h, r, z, n, product = steps[t]
        total = dh[t] + dnext
        da_n = total * (1 - z) * (1 - n**2)
        da_rz = [da_n * product * r * (1 - r), total * (old_h - n) * z * (1 - z)]
        at_input, at_state = np.hstack([*da_rz, da_n]), np.hstack([*da_rz, da_n * r])
        dx[t] = at_input @ params.weight_ih
        dnext = total * z + at_state @ params.weight_hh
        dwi += at_input.T @ x[t]
        dwh += at_state.T @ old_h
        dbi += at_input.sum(axis=0)
        dbh += at_state.sum(axis=0)
    return steps, dx, dnext, dwi, dwh, dbi, dbh
