"""The torch twins against torch.nn's modules and against the NumPy cells."""

import numpy as np
import pytest
import torch

from rnncore import torch as ours
from rnncore.numpy import gradient_error
from tests.numpy.cells import CELLS

T, N, D, H = 6, 4, 3, 5

TWINS = {
    "tanh": lambda: ours.RNN(D, H, dtype=torch.float64),
    "relu": lambda: ours.RNN(D, H, "relu", dtype=torch.float64),
    "lstm": lambda: ours.LSTM(D, H, dtype=torch.float64),
    "lstm with peepholes": lambda: ours.LSTM(D, H, peephole=True, dtype=torch.float64),
    "gru, reset after": lambda: ours.GRU(D, H, dtype=torch.float64),
    "gru, reset before": lambda: ours.GRU(D, H, reset_after=False, dtype=torch.float64),
}


def random_inputs(states):
    generator = torch.Generator().manual_seed(1)
    shapes = [(T, N, D), (T, N, H), *[(N, H)] * states]
    x, dh, *first = (torch.randn(s, generator=generator, dtype=torch.float64) for s in shapes)
    return x, dh, first


def packed(states):
    """States as the modules take them: one tensor, or a pair."""
    return states[0] if len(states) == 1 else tuple(states)


@pytest.mark.parametrize("name", [name for name, cell in CELLS.items() if cell.module])
@pytest.mark.parametrize("ours_first", [True, False])
def test_state_dicts_load_strictly_both_ways_and_all_gradients_agree(name, ours_first):
    torch.manual_seed(0)
    cell = CELLS[name]
    mine, theirs = TWINS[name](), cell.module(D, H, dtype=torch.float64)
    source, target = (mine, theirs) if ours_first else (theirs, mine)
    target.load_state_dict(source.state_dict(), strict=True)
    assert list(mine.state_dict()) == list(theirs.state_dict())
    x, dh, first = random_inputs(cell.states)
    results = []
    for module, states in ((mine, first), (theirs, [s[None] for s in first])):
        leaves = [leaf.clone().requires_grad_() for leaf in (x, *states)]
        h, last = module(leaves[0], packed(leaves[1:]))
        last = [last] if cell.states == 1 else list(last)
        ((h * dh).sum() + sum((s**2).sum() for s in last)).backward()
        grads = [leaf.grad.reshape(leaf.shape[-2:]) for leaf in leaves[1:]]
        results.append(
            [h, *(s.reshape(N, H) for s in last), leaves[0].grad, *grads]
            + [p.grad for p in module.parameters()]
        )
    for a, b in zip(*results, strict=True):
        torch.testing.assert_close(a, b, rtol=0, atol=1e-10)


@pytest.mark.parametrize("name", TWINS)
def test_masked_sequences_equal_the_numpy_cell(name):
    torch.manual_seed(0)
    cell, module = CELLS[name], TWINS[name]()
    x, dh, first = random_inputs(cell.states)
    mask = torch.rand((T, N), generator=torch.Generator().manual_seed(2)) < 0.6
    x[~mask] = torch.nan
    leaves = [leaf.requires_grad_() for leaf in (x, *first)]
    h, last = module(x, packed(leaves[1:]), mask)
    (h * dh).sum().backward()

    params = cell.params_class.from_state_dict(module.state_dict(), **cell.settings)
    states, cache = cell.forward(
        x.detach().numpy(), tuple(s.detach().numpy() for s in first), params, mask.numpy()
    )
    upstream = (dh.numpy(), None)[: cell.states]
    dx, dfirst, dparams = cell.backward(upstream, cache)
    np.testing.assert_allclose(h.detach().numpy(), states[0], rtol=0, atol=1e-10)
    for mine, theirs in zip([last] if cell.states == 1 else last, states, strict=True):
        np.testing.assert_allclose(mine.detach().numpy(), theirs[-1], rtol=0, atol=1e-10)
    assert gradient_error(dx, x.grad.numpy()) < 1e-10
    for mine, theirs in zip(dfirst, first, strict=True):
        assert gradient_error(mine, theirs.grad.numpy()) < 1e-10
    for key, array in dparams.arrays():
        assert gradient_error(array, getattr(module, f"{key}_l0").grad.numpy()) < 1e-10
    theirs = {key: torch.tensor(value) for key, value in params.to_state_dict().items()}
    module.load_state_dict(theirs, strict=True)


@pytest.mark.parametrize("name", TWINS)
def test_no_first_state_means_zeros(name):
    module, cell = TWINS[name](), CELLS[name]
    x, _, first = random_inputs(cell.states)
    zeros = packed([torch.zeros_like(s) for s in first])
    torch.testing.assert_close(module(x)[0], module(x, zeros)[0])


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda x, h0: ours.RNN(D, H)(x[0]), r"x must have shape \(T, N, 3\), got \(4, 3\)"),
        (lambda x, h0: ours.GRU(D, H)(x[:0]), r"got \(0, 4, 3\)"),
        (lambda x, h0: ours.GRU(D, H)(x, h0[:1]), r"h0 must have shape \(4, 5\), got \(1, 5\)"),
        (lambda x, h0: ours.LSTM(D, H)(x, (h0, h0[:1])), r"c0 must have shape \(4, 5\)"),
        (lambda x, h0: ours.RNN(D, H)(x, h0, torch.ones(N, T) > 0), "mask must be bool of shape"),
        (lambda x, h0: ours.LSTM(D, H)(x, None, torch.ones(T, N)), "mask must be bool"),
        (lambda x, h0: ours.RNN(2, 2, "sigmoid"), "nonlinearity must be"),
    ],
)
def test_a_wrong_call_names_the_argument(wrong, message):
    x, _, (h0,) = random_inputs(1)
    with pytest.raises(ValueError, match=message):
        wrong(x.float(), h0.float())
