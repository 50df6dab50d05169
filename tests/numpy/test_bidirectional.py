"""Bidirectional nets against torch's, and under time reversal and padding."""

import numpy as np
import pytest
import torch

from rnncore.numpy import (
    GRUParams,
    LSTMParams,
    RNNParams,
    bidirectional_backward,
    bidirectional_forward,
    gradient_check,
    gradient_error,
    sequence_backward,
    sequence_forward,
)
from tests.numpy.cells import packed, parts

T, N, D, H = 7, 3, 4, 5
KINDS = {
    "rnn": (RNNParams, torch.nn.RNN),
    "lstm": (LSTMParams, torch.nn.LSTM),
    "gru": (GRUParams, torch.nn.GRU),
}


def draw(kind, seed=0):
    rng = np.random.default_rng(seed)
    states = 2 if kind == "lstm" else 1
    params = [KINDS[kind][0].init(rng, D, H) for _ in range(2)]
    params = [p.replace(bias_ih=p.bias_ih + 0.2) for p in params]
    first = tuple(rng.normal(size=(2, N, H)) for _ in range(states))
    dlast = tuple(rng.normal(size=(2, N, H)) for _ in range(states))
    x, dh = rng.normal(size=(T, N, D)), rng.normal(size=(T, N, 2 * H))
    return x, packed(first), params, dh, packed(dlast)


@pytest.mark.parametrize("kind", KINDS)
def test_all_outputs_and_gradients_equal_torchs(kind):
    x, first, (forward, backward), dh, dlast = draw(kind)
    h, last, cache = bidirectional_forward(x, first, forward, backward)
    dx, dfirst, dforward, dbackward = bidirectional_backward(dh, cache, dlast)

    module = KINDS[kind][1](D, H, bidirectional=True, dtype=torch.float64)
    weights = forward.to_state_dict() | backward.to_state_dict(reverse=True)
    module.load_state_dict({k: torch.tensor(v) for k, v in weights.items()}, strict=True)
    x_t = torch.tensor(x, requires_grad=True)
    first_t = [torch.tensor(s, requires_grad=True) for s in parts(first)]
    h_t, last_t = module(x_t, packed(tuple(first_t)))
    loss = (h_t * torch.tensor(dh)).sum()
    for state, d in zip(parts(last_t), parts(dlast), strict=True):
        loss = loss + (state * torch.tensor(d)).sum()
    loss.backward()
    assert gradient_error(h, h_t.detach().numpy()) < 1e-10
    for ours, theirs in zip(parts(last), parts(last_t), strict=True):
        assert gradient_error(ours, theirs.detach().numpy()) < 1e-10
    assert gradient_error(dx, x_t.grad.numpy()) < 1e-10
    for ours, theirs in zip(parts(dfirst), first_t, strict=True):
        assert gradient_error(ours, theirs.grad.numpy()) < 1e-10
    gradients = dforward.to_state_dict() | dbackward.to_state_dict(reverse=True)
    for key, array in gradients.items():
        assert gradient_error(array, getattr(module, key).grad.numpy()) < 1e-10


@pytest.mark.parametrize("kind", KINDS)
def test_gradients_equal_centred_differences_with_holes(kind):
    x, first, params, dh, dlast = draw(kind)
    mask = np.random.default_rng(1).random((T, N)) < 0.6

    def loss(tree):
        h, last, _ = bidirectional_forward(tree["x"], tree["first"], *tree["params"], mask)
        into_last = sum((a * b).sum() for a, b in zip(parts(last), parts(dlast), strict=True))
        return float((h * dh).sum() + into_last)

    _, _, cache = bidirectional_forward(x, first, *params, mask)
    dx, dfirst, *dparams = bidirectional_backward(dh, cache, dlast)
    errors = gradient_check(
        loss,
        {"x": x, "first": first, "params": params},
        {"x": dx, "first": dfirst, "params": dparams},
    )
    assert max(errors.values()) < 1e-6, errors


@pytest.mark.parametrize("kind", KINDS)
def test_reversing_time_swaps_the_two_nets(kind):
    x, _, (forward, backward), _, _ = draw(kind)
    h, last, _ = bidirectional_forward(x, None, forward, backward)
    h_r, last_r, _ = bidirectional_forward(x[::-1], None, backward, forward)
    np.testing.assert_allclose(h_r[::-1], np.roll(h, H, axis=2), rtol=0, atol=1e-14)
    for ours, theirs in zip(parts(last), parts(last_r), strict=True):
        np.testing.assert_allclose(ours, theirs[::-1], rtol=0, atol=1e-14)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("left", [0, 2])
def test_padding_on_either_side_changes_no_answer(kind, left):
    x, first, params, dh, dlast = draw(kind)
    h, last, cache = bidirectional_forward(x, first, *params)
    whole = bidirectional_backward(dh, cache, dlast)
    around = ((left, 3 - left), (0, 0), (0, 0))
    mask = np.pad(np.ones((T, N), bool), around[:2])
    padded = np.pad(x, around, constant_values=np.nan)
    h_p, last_p, cache_p = bidirectional_forward(padded, first, *params, mask)
    dx, *rest = bidirectional_backward(np.pad(dh, around), cache_p, dlast)
    inside = slice(left, left + T)
    np.testing.assert_allclose(h_p[inside], h, rtol=0, atol=1e-14)
    for ours, theirs in zip(parts(last_p), parts(last), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-14)
    np.testing.assert_allclose(dx[inside], whole[0], rtol=0, atol=1e-13)
    for ours, theirs in zip(rest[1:], whole[2:], strict=True):
        np.testing.assert_allclose(ours.weight_hh, theirs.weight_hh, rtol=0, atol=1e-13)


def wrong_calls():
    x, first, (forward, backward), dh, _ = draw("gru")
    h0, c0 = np.zeros((2, N, H)), np.zeros((2, N, H))
    rng = np.random.default_rng(0)
    lstm, wide = LSTMParams.init(rng, D, H), GRUParams.init(rng, D, H + 1)
    _, _, cache = bidirectional_forward(x, first, forward, backward)
    _, _, one = sequence_forward(x, h0[0], forward)
    _, _, two = sequence_forward(x, (h0[0], c0[0]), lstm)
    return {
        "a state of one direction": (
            lambda: bidirectional_forward(x, h0[0], forward, backward),
            r"^states of both directions must have shape \(2, N, H\), got \(3, 5\)$",
        ),
        "gradients into one direction's state": (
            lambda: bidirectional_backward(dh, cache, h0[0]),
            r"^states of both directions must have shape \(2, N, H\), got \(3, 5\)$",
        ),
        "gradients of both nets in other precision": (
            lambda: bidirectional_backward(dh.astype(np.float32), cache), "^dh must be float64"
        ),
        "a state that is a number": (
            lambda: bidirectional_forward(x, 0.0, forward, backward), "got float"
        ),
        "two kinds": (
            lambda: bidirectional_forward(x, None, forward, lstm), "of one class and size, got GRU"
        ),
        "two sizes": (
            lambda: bidirectional_forward(x, None, forward, wide), "of 5 units and GRUParams of 6"
        ),
        "x a list": (
            lambda: bidirectional_forward([1.0], None, forward, backward), "x must be a NumPy"
        ),
        "x without time": (
            lambda: bidirectional_forward(x[0], None, forward, backward),
            r"^x must have shape \(T, N, 4\), got \(3, 4\)$",
        ),
        "x of other precision": (
            lambda: bidirectional_forward(x.astype(np.float32), None, forward, backward),
            "^x must be float64",
        ),
        "dh of other precision": (
            lambda: bidirectional_backward(dh.astype(np.float32), cache, h0), "^dh must be float64"
        ),
        "dh of one direction": (
            lambda: bidirectional_backward(dh[..., :H], cache), r"dh must have shape \(T, N, 10\)"
        ),
        "a pair for a gru": (
            lambda: sequence_forward(x, (h0[0], c0[0]), forward),
            "^state0 must be one array, got a tuple: only the LSTM has two states$",
        ),
        "one state for an lstm": (
            lambda: sequence_forward(x, h0[0], lstm), "state0 must be a pair .* got ndarray"
        ),
        "three states for an lstm": (
            lambda: sequence_forward(x, (h0[0],) * 3, lstm), "got 3 parts"
        ),
        "no parameters of a cell": (
            lambda: sequence_forward(x, None, np.ones(3)),
            "^params must be RNNParams, LSTMParams or GRUParams, got ndarray$",
        ),
        "a gradient pair for a gru": (
            lambda: sequence_backward(dh[..., :H], one, (h0[0], c0[0])),
            "^dlast must be one array, got a tuple: only the LSTM has two states$",
        ),
        "one gradient for an lstm": (
            lambda: sequence_backward(dh[..., :H], two, h0[0]), "dlast must be a pair"
        ),
        "gradients in a list": (
            lambda: sequence_backward([1.0], one, h0[0]), "^dh must be a NumPy array .* got list"
        ),
        "gradients of both directions for one": (
            lambda: sequence_backward(dh, one, h0[0]), r"^dh must have shape \(T, N, 5\), got"
        ),
        "gradients of other precision": (
            lambda: sequence_backward(dh[..., :H].astype(np.float32), one, h0[0]),
            "^dh must be float64",
        ),
        "a gradient of all steps": (
            lambda: sequence_backward(dh[..., :H], one, dh[..., :H]),
            r"^dlast must have shape \(3, 5\), got \(7, 3, 5\)$",
        ),
        "a gradient of other precision": (
            lambda: sequence_backward(dh[..., :H], one, h0[0].astype(np.float32)),
            "^dlast must be float64 like the other arrays, got float32",
        ),
        "a gradient that is a number": (
            lambda: sequence_backward(dh[..., :H], one, 0.0), "^dlast must be a NumPy .* got float"
        ),
        "a gradient into one sequence's h": (
            lambda: sequence_backward(dh[..., :H], two, (h0[0, :1], None)), r"^dlast\[0\] must have"
        ),
        "a gradient into one sequence's c": (
            lambda: sequence_backward(dh[..., :H], two, (None, c0[0, :1])), r"^dlast\[1\] must have"
        ),
    }  # fmt: skip


@pytest.mark.parametrize("name", wrong_calls())
def test_a_wrong_call_says_what_came(name):
    wrong, message = wrong_calls()[name]
    with pytest.raises(ValueError, match=message):
        wrong()
