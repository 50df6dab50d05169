"""The torch minGRU against its own step in a loop and against the NumPy cell."""

import numpy as np
import pytest
import torch

from rnncore.numpy import MinGRUParams, gradient_error, min_gru_backward, min_gru_forward
from rnncore.torch import MinGRU

T, N, D, H = 6, 4, 3, 5
EXACT = 1e-10


def draw(steps=T):
    torch.manual_seed(0)
    module = MinGRU(D, H, dtype=torch.float64)
    x, h0, dh = (
        torch.randn(shape, dtype=torch.float64) for shape in [(steps, N, D), (N, H), (steps, N, H)]
    )
    return module, x, h0, dh


def gradients(module, x, h0, run, dh):
    """Run on fresh leaves; return the states, the last one, and every gradient."""
    module.zero_grad()
    leaves = x.clone().requires_grad_(), h0.clone().requires_grad_()
    h, last = run(*leaves)
    ((h * dh).sum() + last.square().sum()).backward()
    return [h, last, *(leaf.grad for leaf in leaves), module.weight.grad, module.bias.grad]


@pytest.mark.parametrize("steps", [1, 2, T, 33])
def test_the_scan_equals_looping_the_step(steps):
    module, x, h0, dh = draw(steps)

    def loop(x, h):
        states = []
        for x_t in x:
            h = module.step(x_t, h)
            states.append(h)
        return torch.stack(states), h

    ours = gradients(module, x, h0, module, dh)
    for mine, looped in zip(ours, gradients(module, x, h0, loop, dh), strict=True):
        torch.testing.assert_close(mine, looped, rtol=0, atol=1e-12)


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("padding", [torch.nan, torch.inf])
def test_states_and_gradients_equal_the_numpy_cell(masked, padding):
    module, x, h0, dh = draw()
    mask = torch.rand((T, N), generator=torch.Generator().manual_seed(2)) < 0.6 if masked else None
    if masked:
        mask[:, 1] = False
        x[~mask] = padding
    h, last, *grads = gradients(module, x, h0, lambda x, h0: module(x, h0, mask), dh)

    params = MinGRUParams(module.weight.detach().numpy(), module.bias.detach().numpy())
    numpy_mask = None if mask is None else mask.numpy()
    expected, cache = min_gru_forward(x.numpy(), h0.numpy(), params, numpy_mask)
    upstream = dh.numpy().copy()
    upstream[-1] += 2 * expected[-1]
    dx, dh0, dparams = min_gru_backward(upstream, cache)
    assert gradient_error(expected, h.detach().numpy()) < EXACT
    assert torch.equal(last, h[-1])
    for ours, theirs in zip((dx, dh0, dparams.weight, dparams.bias), grads, strict=True):
        assert gradient_error(ours, theirs.numpy()) < EXACT


def test_parameters_have_the_numpy_names_and_torchs_linears_range():
    torch.manual_seed(1)
    module = MinGRU(16, 50)
    params = MinGRUParams.init(np.random.default_rng(0), 16, 50)
    assert {k: tuple(v.shape) for k, v in module.state_dict().items()} == {
        name: array.shape for name, array in params.arrays()
    }
    for parameter in module.parameters():
        assert parameter.dtype == torch.float32
        assert 0.2 < parameter.abs().max() <= 0.25


def test_no_first_state_means_zeros():
    module, x, h0, _ = draw()
    torch.testing.assert_close(module(x)[0], module(x, torch.zeros_like(h0))[0])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda m, x, h0: m(x[0]), r"x must have shape \(T, N, 3\), got \(4, 3\)"),
        (lambda m, x, h0: m(x[:0]), r"got \(0, 4, 3\)"),
        (lambda m, x, h0: m(x, h0[:1]), r"h0 must be .* of shape \(4, 5\), got"),
        (lambda m, x, h0: m(x, h0.float()), "h0 must be torch.float64"),
        (lambda m, x, h0: m(x, h0, torch.ones(N, T) > 0), "mask must be bool of shape"),
        (lambda m, x, h0: m(x, h0, torch.ones(T, N)), "mask must be bool"),
    ],
)
def test_a_wrong_call_names_the_argument(call, message):
    module, x, h0, _ = draw()
    with pytest.raises(ValueError, match=message):
        call(module, x, h0)
