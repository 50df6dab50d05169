"""Deep nets against torch's, and dropout between the layers."""

import numpy as np
import pytest
import torch

from rnncore.numpy import (
    GRUParams,
    LSTMParams,
    RNNParams,
    deep_backward,
    deep_forward,
    gradient_check,
    gradient_error,
    sequence_forward,
)
from tests.numpy.cells import packed, parts

T, N, D, H, L = 6, 3, 4, 5, 3
KINDS = {
    "rnn": (RNNParams, torch.nn.RNN),
    "lstm": (LSTMParams, torch.nn.LSTM),
    "gru": (GRUParams, torch.nn.GRU),
}


def draw(kind, seed=0):
    rng = np.random.default_rng(seed)
    states = 2 if kind == "lstm" else 1
    layers = [KINDS[kind][0].init(rng, D if depth == 0 else H, H) for depth in range(L)]
    first, dlast = (tuple(rng.normal(size=(L, N, H)) for _ in range(states)) for _ in range(2))
    x, dh = rng.normal(size=(T, N, D)), rng.normal(size=(T, N, H))
    return x, packed(first), layers, dh, packed(dlast)


@pytest.mark.parametrize("kind", KINDS)
def test_all_outputs_and_gradients_equal_torchs(kind):
    x, first, layers, dh, dlast = draw(kind)
    h, last, cache = deep_forward(x, first, layers)
    dx, dfirst, dlayers = deep_backward(dh, cache, dlast)

    module = KINDS[kind][1](D, H, num_layers=L, dtype=torch.float64)
    weights = {}
    for depth, layer in enumerate(layers):
        weights |= layer.to_state_dict(depth)
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
    for depth, dlayer in enumerate(dlayers):
        for key, array in dlayer.to_state_dict(depth).items():
            assert gradient_error(array, getattr(module, key).grad.numpy()) < 1e-10


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("variational", [False, True])
def test_gradients_equal_centred_differences_with_holes_and_dropout(kind, variational):
    x, first, layers, dh, dlast = draw(kind)
    mask = np.random.default_rng(1).random((T, N)) < 0.6

    def run(tree):
        rng = np.random.default_rng(2)
        return deep_forward(
            tree["x"], tree["first"], tree["layers"], mask, 0.4, variational=variational, rng=rng
        )

    def loss(tree):
        h, last, _ = run(tree)
        into_last = sum((a * b).sum() for a, b in zip(parts(last), parts(dlast), strict=True))
        return float((h * dh).sum() + into_last)

    tree = {"x": x, "first": first, "layers": layers}
    dx, dfirst, dlayers = deep_backward(dh, run(tree)[2], dlast)
    errors = gradient_check(loss, tree, {"x": dx, "first": dfirst, "layers": dlayers})
    assert max(errors.values()) < 1e-6, errors


def test_dropout_stands_between_layers_only_and_may_share_its_draws_over_time():
    x, _, layers, _, _ = draw("rnn")
    rng = np.random.default_rng(0)
    below, _, _ = sequence_forward(x, None, layers[0])
    h, _, _ = deep_forward(x, None, layers[:1], dropout=0.9, rng=rng)
    np.testing.assert_array_equal(h, below)
    for variational in (False, True):
        _, _, (_, dropped) = deep_forward(
            np.tile(x, (20, 1, 1)), None, layers, dropout=0.4, variational=variational, rng=rng
        )
        assert len(dropped) == L - 1
        factor = np.broadcast_to(dropped[0][0], (20 * T, N, H))
        assert set(np.unique(factor)) == {0.0, 1 / 0.6}
        assert (factor == factor[0]).all() == variational


@pytest.mark.parametrize("kind", KINDS)
def test_padding_changes_no_answer_of_any_layer(kind):
    x, first, layers, dh, dlast = draw(kind)
    h, last, cache = deep_forward(x, first, layers)
    dx, dfirst, dlayers = deep_backward(dh, cache, dlast)
    around = ((0, 2), (0, 0), (0, 0))
    mask = np.arange(T + 2)[:, None] < np.full(N, T)
    padded = np.pad(x, around, constant_values=np.nan)
    h_p, last_p, cache_p = deep_forward(padded, first, layers, mask)
    dx_p, dfirst_p, dlayers_p = deep_backward(np.pad(dh, around), cache_p, dlast)
    np.testing.assert_allclose(h_p[:T], h, rtol=0, atol=1e-14)
    np.testing.assert_allclose(dx_p[:T], dx, rtol=0, atol=1e-13)
    assert not dx_p[T:].any()
    for ours, theirs in zip(
        (*parts(last_p), *parts(dfirst_p)), (*parts(last), *parts(dfirst)), strict=True
    ):
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-13)
    for ours, theirs in zip(dlayers_p, dlayers, strict=True):
        np.testing.assert_allclose(ours.weight_hh, theirs.weight_hh, rtol=0, atol=1e-12)


def test_dropout_is_drawn_anew_at_each_step_unless_told_otherwise():
    x, _, layers, _, _ = draw("rnn")

    def run(**settings):
        return deep_forward(x, None, layers, dropout=0.5, rng=np.random.default_rng(3), **settings)

    np.testing.assert_array_equal(run()[0], run(variational=False)[0])
    assert (run()[0] != run(variational=True)[0]).any()


def test_no_dropout_needs_no_generator_and_one_layer_is_the_cell():
    x, first, layers, _, _ = draw("lstm")
    h, last, _ = deep_forward(x, tuple(s[:1] for s in first), layers[:1])
    alone, alone_last, _ = sequence_forward(x, tuple(s[0] for s in first), layers[0])
    np.testing.assert_array_equal(h, alone)
    for ours, theirs in zip(last, alone_last, strict=True):
        np.testing.assert_array_equal(ours[0], theirs)


def wrong_calls():
    x, first, layers, dh, _ = draw("gru")
    rng = np.random.default_rng(0)
    _, _, cache = deep_forward(x, first, layers)
    return {
        "no layer": (
            lambda: deep_forward(x, None, []), "^layers must hold at least one layer, got none$"
        ),
        "two kinds": (
            lambda: deep_forward(x, None, [layers[0], RNNParams.init(rng, H, H)]), "one class"
        ),
        "two sizes": (
            lambda: deep_forward(x, None, [layers[0], GRUParams.init(rng, H, H + 1)]), "one class"
        ),
        "a layer that does not fit": (
            lambda: deep_forward(x, None, [layers[0], layers[0]]), r"x must have shape \(T, N, 4\)"
        ),
        "dropout without rng": (
            lambda: deep_forward(x, None, layers, dropout=0.1), "dropout of 0.1 needs rng"
        ),
        "dropout of all": (
            lambda: deep_forward(x, None, layers, dropout=1.0, rng=rng), r"rate must lie in \[0, 1"
        ),
        "states of fewer layers": (
            lambda: deep_forward(x, first[:2], layers),
            r"^states of 3 layers must .* \(3, N, H\), got \(2, 3, 5\)$",
        ),
        "a state that is a number": (lambda: deep_forward(x, 0.0, layers), "got float"),
        "gradients of fewer layers": (
            lambda: deep_backward(dh, cache, first[:1]),
            r"^states of 3 layers must .* \(3, N, H\), got \(1, 3, 5\)$",
        ),
        "dh of another size": (
            lambda: deep_backward(dh[..., :2], cache), "dh must have shape"
        ),
    }  # fmt: skip


@pytest.mark.parametrize("name", wrong_calls())
def test_a_wrong_call_says_what_came(name):
    wrong, message = wrong_calls()[name]
    with pytest.raises(ValueError, match=message):
        wrong()
