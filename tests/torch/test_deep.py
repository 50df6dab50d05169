"""Deep and bidirectional nets against torch.nn's modules and against the NumPy nets."""

import copy
import pickle

import numpy as np
import pytest
import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from rnncore import torch as ours
from rnncore.numpy import (
    GRUParams,
    LSTMParams,
    RNNParams,
    bidirectional_backward,
    bidirectional_forward,
    gradient_error,
    sequence_backward,
    sequence_forward,
)

T, N, D, H, L = 6, 4, 3, 5, 3
EXACT = 1e-10

CELLS = {
    "tanh": (ours.RNN, RNNParams, {"nonlinearity": "tanh"}),
    "relu": (ours.RNN, RNNParams, {"nonlinearity": "relu"}),
    "lstm": (ours.LSTM, LSTMParams, {}),
    "lstm with peepholes": (ours.LSTM, LSTMParams, {"peephole": True}),
    "gru, reset after": (ours.GRU, GRUParams, {"reset_after": True}),
    "gru, reset before": (ours.GRU, GRUParams, {"reset_after": False}),
}
TORCH = {
    "tanh": torch.nn.RNN,
    "relu": lambda *a, **k: torch.nn.RNN(*a, nonlinearity="relu", **k),
    "lstm": torch.nn.LSTM,
    "gru, reset after": torch.nn.GRU,
}

both_ways = pytest.mark.parametrize("bidirectional", [False, True])
every_depth = pytest.mark.parametrize("layers", [1, 2, L])


def build(name, layers=L, bidirectional=False, **more):
    cell, _, settings = CELLS[name]
    torch.manual_seed(0)
    settings = {**settings, "dtype": torch.float64, **more}
    return ours.Deep(cell, D, H, layers, bidirectional, **settings)


def draw(module, steps=T):
    """Inputs, first states as a tuple, and upstream gradients of outputs and last states."""
    generator = torch.Generator().manual_seed(1)
    count = module.num_layers * (1 + module.bidirectional)
    shapes = [(steps, N, D), (steps, N, module.output_size)]
    shapes += [(count, N, H)] * 2 * module.states
    x, dh, *rest = (torch.randn(s, generator=generator, dtype=torch.float64) for s in shapes)
    return x, rest[: module.states], dh, rest[module.states :]


def packed(states):
    return states[0] if len(states) == 1 else tuple(states)


def parts(state):
    return state if isinstance(state, tuple) else (state,)


def results(module, x, first, dh, dlast, run=None, real=None):
    """Outputs and all gradients of a module, the outputs at real steps alone."""
    module.zero_grad()
    leaves = [leaf.clone().requires_grad_() for leaf in (x, *first)]
    h, last = (run or module)(leaves[0], packed(leaves[1:]))
    if real is not None:
        h = torch.where(real[..., None], h, 0)
    loss = (h * dh).sum() + sum((s * d).sum() for s, d in zip(parts(last), dlast, strict=True))
    loss.backward()
    grads = {name: p.grad for name, p in module.named_parameters()}
    return [h, *parts(last)], [leaf.grad for leaf in leaves], grads


def assert_equal(mine, theirs):
    for a, b in zip(mine[0] + mine[1], theirs[0] + theirs[1], strict=True):
        torch.testing.assert_close(a, b, rtol=0, atol=EXACT)
    assert list(mine[2]) == list(theirs[2])
    for key, grad in mine[2].items():
        torch.testing.assert_close(grad, theirs[2][key], rtol=0, atol=EXACT)


@pytest.mark.parametrize("name", TORCH)
@both_ways
@every_depth
@pytest.mark.parametrize("ours_first", [True, False])
def test_state_dicts_load_strictly_both_ways_and_all_gradients_agree(
    name, bidirectional, layers, ours_first
):
    mine = build(name, layers, bidirectional)
    theirs = TORCH[name](D, H, layers, bidirectional=bidirectional, dtype=torch.float64)
    source, target = (mine, theirs) if ours_first else (theirs, mine)
    target.load_state_dict(source.state_dict(), strict=True)
    assert list(mine.state_dict()) == list(theirs.state_dict())
    inputs = draw(mine)
    assert_equal(results(mine, *inputs), results(theirs, *inputs))


@pytest.mark.parametrize("name", TORCH)
@both_ways
def test_padded_sequences_equal_torchs_packed_ones_on_real_steps(name, bidirectional):
    mine = build(name, 2, bidirectional)
    theirs = TORCH[name](D, H, 2, bidirectional=bidirectional, dtype=torch.float64)
    theirs.load_state_dict(mine.state_dict())
    lengths = torch.tensor([T, 1, 4, 5])
    real = torch.arange(T)[:, None] < lengths
    x, first, dh, dlast = draw(mine)
    spoiled = torch.where(real[..., None], x, torch.nan)

    def run_packed(x, state):
        sequences = pack_padded_sequence(x, lengths, enforce_sorted=False)
        h, last = theirs(sequences, state)
        return pad_packed_sequence(h)[0], last

    mine_found = results(
        mine, spoiled, first, dh, dlast, lambda x, state: mine(x, state, real), real
    )
    assert_equal(mine_found, results(theirs, x, first, dh, dlast, run_packed, real))


@pytest.mark.parametrize("name", CELLS)
@both_ways
@pytest.mark.parametrize("padding", [torch.nan, torch.inf])
def test_sequences_with_holes_equal_the_numpy_nets_layer_by_layer(name, bidirectional, padding):
    module = build(name, L, bidirectional)
    x, first, dh, dlast = draw(module)
    mask = torch.rand((T, N), generator=torch.Generator().manual_seed(2)) < 0.6
    mask[:, 2] = False
    x[~mask] = padding
    (h, *last), (dx, *dfirst), grads = results(
        module, x, first, dh, dlast, lambda x, state: module(x, state, mask)
    )

    _, params_class, settings = CELLS[name]
    settings = {k: v for k, v in settings.items() if k != "peephole"}
    weights = {key: value.numpy() for key, value in module.state_dict().items()}
    directions = 1 + bidirectional

    def of_layer(states, depth):
        states = [s[depth * directions : (depth + 1) * directions].numpy() for s in states]
        return packed(states if bidirectional else [s[0] for s in states])

    run, caches, lasts = x.numpy(), [], []
    for depth in range(L):
        cells = [
            params_class.from_state_dict(weights, layer=depth, reverse=reverse, **settings)
            for reverse in (False, True)[:directions]
        ]
        forward = bidirectional_forward if bidirectional else sequence_forward
        run, final, cache = forward(run, of_layer(first, depth), *cells, mask.numpy())
        caches.append(cache)
        lasts.append([s.reshape(-1, N, H) for s in parts(final)])
    assert gradient_error(run, h.detach().numpy()) < EXACT
    for mine, theirs in zip(last, zip(*lasts, strict=True), strict=True):
        assert gradient_error(np.concatenate(theirs), mine.detach().numpy()) < EXACT

    upstream, firsts = dh.numpy(), []
    for depth in reversed(range(L)):
        backward = bidirectional_backward if bidirectional else sequence_backward
        upstream, dstate, *dcells = backward(upstream, caches[depth], of_layer(dlast, depth))
        firsts.insert(0, [s.reshape(-1, N, H) for s in parts(dstate)])
        for reverse, dcell in enumerate(dcells):
            for key, array in dcell.to_state_dict(depth, bool(reverse)).items():
                assert gradient_error(array, grads.pop(key).numpy()) < EXACT
    assert not grads
    assert gradient_error(upstream, dx.numpy()) < EXACT
    for mine, theirs in zip(dfirst, zip(*firsts, strict=True), strict=True):
        assert gradient_error(np.concatenate(theirs), mine.numpy()) < EXACT


@pytest.mark.parametrize("name", TORCH)
def test_the_first_numbers_are_torchs_under_the_same_seed(name):
    mine = build(name, 2, bidirectional=True)
    torch.manual_seed(0)
    theirs = TORCH[name](D, H, 2, bidirectional=True, dtype=torch.float64)
    for key, value in theirs.state_dict().items():
        assert torch.equal(mine.state_dict()[key], value), key


def test_one_layer_is_the_cell():
    module, cell = build("lstm", 1), ours.LSTM(D, H, dtype=torch.float64)
    cell.load_state_dict(module.state_dict(), strict=True)
    x, (h0, c0), _, _ = draw(module)
    h, (h_last, c_last) = module(x, (h0, c0))
    expected, (h_expected, c_expected) = cell(x, (h0[0], c0[0]))
    assert torch.equal(h, expected)
    assert torch.equal(h_last[0], h_expected)
    assert torch.equal(c_last[0], c_expected)


@pytest.mark.parametrize("name", ["lstm", "gru, reset before"])
def test_reversing_time_swaps_the_directions(name):
    module = build(name, 1, True)
    swapped = copy.deepcopy(module)
    weights = module.state_dict()
    swapped.load_state_dict(
        {
            key: weights[key.removesuffix("_reverse") if "reverse" in key else f"{key}_reverse"]
            for key in weights
        }
    )
    x, _, _, _ = draw(module)
    forward, backward = module(x)[0].chunk(2, dim=2)
    expected = torch.cat((backward, forward), dim=2)
    assert not torch.allclose(forward, backward)
    torch.testing.assert_close(swapped(x.flip(0))[0].flip(0), expected, rtol=0, atol=EXACT)


@pytest.mark.parametrize("name", ["tanh", "lstm"])
@both_ways
def test_no_first_state_means_zeros(name, bidirectional):
    module = build(name, 2, bidirectional)
    x, first, _, _ = draw(module)
    zeros = packed([torch.zeros_like(s) for s in first])
    assert torch.equal(module(x)[0], module(x, zeros)[0])


def test_a_split_sequence_goes_on_from_the_carried_state():
    module = build("lstm")
    x, first, _, _ = draw(module)
    whole, last = module(x, packed(first))
    head, middle = module(x[:2], packed(first))
    tail, end = module(x[2:], middle)
    torch.testing.assert_close(torch.cat((head, tail)), whole, rtol=0, atol=EXACT)
    torch.testing.assert_close(end, last, rtol=0, atol=EXACT)


@pytest.mark.parametrize("remake", [copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))])
def test_a_copy_computes_the_same_and_has_weights_of_its_own(remake):
    module = build("lstm", 2, True)
    x, _, _, _ = draw(module)
    other = remake(module)
    before = module(x)[0]
    assert torch.equal(other(x)[0], before)
    with torch.no_grad():
        for parameter in other.parameters():
            parameter.zero_()
    assert torch.equal(module(x)[0], before)
    assert not other(x)[0].any()


def test_weights_that_replace_the_old_ones_are_the_ones_that_run():
    module, other = build("gru, reset after"), build("gru, reset after")
    fresh = {key: torch.randn_like(value) for key, value in module.state_dict().items()}
    module.load_state_dict(fresh, assign=True)
    other.load_state_dict(fresh)
    x, _, _, _ = draw(module)
    assert torch.equal(module(x)[0], other(x)[0])
    assert module.float()(x.float())[0].dtype == torch.float32


class TestDropout:
    def dropped(self, variational, steps=40):
        """What layer 2 reads: its cell passes on relu(4 x), and layer 1 gives ones."""
        module = ours.Deep(
            ours.RNN, 1, 50, 2, dropout=0.3, variational=variational, nonlinearity="relu"
        )
        with torch.no_grad():
            for parameter in module.parameters():
                parameter.zero_()
            module.bias_ih_l0.fill_(1)
            module.weight_ih_l1.copy_(torch.eye(50))
        torch.manual_seed(3)
        return module, module(torch.zeros(steps, N, 1))[0]

    @pytest.mark.parametrize("variational", [False, True])
    def test_entries_are_dropped_or_scaled_between_layers_alone(self, variational):
        _, h = self.dropped(variational)
        assert set(h.unique().tolist()) == {0.0, h.max().item()}
        assert h.max().item() == pytest.approx(1 / 0.7)
        assert (h == 0).float().mean().item() == pytest.approx(0.3, abs=0.07)
        _, again = self.dropped(variational)
        assert torch.equal(h, again)

    def test_variational_dropout_drops_the_same_units_at_all_steps(self):
        _, h = self.dropped(True)
        assert torch.equal(h, h[:1].expand_as(h))
        assert not torch.equal(h[:, 0], h[:, 1])
        _, free = self.dropped(False)
        assert not torch.equal(free, free[:1].expand_as(free))

    @pytest.mark.parametrize("variational", [False, True])
    def test_nothing_is_dropped_in_use_and_with_one_layer(self, variational):
        module, _ = self.dropped(variational)
        assert torch.equal(module.eval()(torch.zeros(3, N, 1))[0], torch.ones(3, N, 50))
        single = build("tanh", 1, dropout=0.9, variational=variational)
        x, _, _, _ = draw(single)
        assert torch.equal(single(x)[0], single.eval()(x)[0])


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda x, s: ours.Deep(torch.nn.LSTM, D, H), "cell must be the class RNN, LSTM or GRU"),
        (lambda x, s: ours.Deep(ours.GRU(D, H), D, H), "cell must be the class RNN, LSTM or GRU"),
        (lambda x, s: ours.Deep(ours.RNN, D, H, 0), "num_layers must be at least 1, got 0"),
        (lambda x, s: ours.Deep(ours.RNN, D, H, 2, dropout=1.0), r"dropout must lie in \[0, 1\)"),
        (lambda x, s: ours.Deep(ours.RNN, D, H, dropout=-0.1), r"got -0.1"),
        (lambda x, s: ours.Deep(ours.RNN, D, H)(x[0]), r"x must have shape \(T, N, 3\)"),
        (lambda x, s: ours.Deep(ours.RNN, D, H, 2)(x, s[:1]), r"a tensor of shape \(2, N, 5\)"),
        (lambda x, s: ours.Deep(ours.RNN, D, H, 2)(x, (s, s)), r"a tensor of shape \(2, N, 5\)"),
        (lambda x, s: ours.Deep(ours.RNN, D, H, 2)(x, s[0]), r"got \(4, 5\)"),
        (lambda x, s: ours.Deep(ours.LSTM, D, H, 2)(x, s), "state0 must be a pair of tensors"),
        (lambda x, s: ours.Deep(ours.RNN, D, H, 2)(x, s[:, 1:]), r"h0 must have shape \(4, 5\)"),
        (lambda x, s: ours.Deep(ours.RNN, D, H, 2)(x, s, x[..., 0]), "mask must be bool"),
        (
            lambda x, s: ours.Deep(ours.RNN, D, H, bidirectional=True)(x, s, x[0] > 0),
            "mask must be bool of shape",
        ),
    ],
)
def test_a_wrong_call_names_the_argument(wrong, message):
    with pytest.raises(ValueError, match=message):
        wrong(torch.zeros(T, N, D), torch.zeros(2, N, H))
