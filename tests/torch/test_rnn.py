"""The torch twin against torch.nn.RNN and against the NumPy cell."""

import numpy as np
import pytest
import torch

from rnncore.numpy import RNNParams, gradient_error, rnn_backward, rnn_forward
from rnncore.torch import RNN

T, N, D, H = 6, 4, 3, 5


def twins(nonlinearity):
    torch.manual_seed(0)
    ours = RNN(D, H, nonlinearity, dtype=torch.float64)
    theirs = torch.nn.RNN(D, H, nonlinearity=nonlinearity, dtype=torch.float64)
    return ours, theirs


def inputs():
    generator = torch.Generator().manual_seed(1)
    shapes = [(T, N, D), (N, H), (T, N, H)]
    return [torch.randn(s, generator=generator, dtype=torch.float64) for s in shapes]


@pytest.mark.parametrize("nonlinearity", ["tanh", "relu"])
@pytest.mark.parametrize("ours_first", [True, False])
def test_state_dicts_load_strictly_both_ways_and_all_gradients_agree(nonlinearity, ours_first):
    ours, theirs = twins(nonlinearity)
    source, target = (ours, theirs) if ours_first else (theirs, ours)
    target.load_state_dict(source.state_dict(), strict=True)
    assert list(ours.state_dict()) == list(theirs.state_dict())
    x, h0, dh = inputs()
    results = []
    for module, first in ((ours, h0), (theirs, h0[None])):
        x_leaf, h0_leaf = x.clone().requires_grad_(), first.clone().requires_grad_()
        h, last = module(x_leaf, h0_leaf)
        ((h * dh).sum() + last.reshape(N, H).square().sum()).backward()
        grads = [p.grad for p in module.parameters()]
        results.append([h, last.reshape(N, H), x_leaf.grad, h0_leaf.grad.reshape(N, H), *grads])
    for mine, other in zip(*results, strict=True):
        torch.testing.assert_close(mine, other, rtol=0, atol=1e-10)


@pytest.mark.parametrize("nonlinearity", ["tanh", "relu"])
def test_masked_sequences_equal_the_numpy_cell(nonlinearity):
    module, _ = twins(nonlinearity)
    x, h0, dh = inputs()
    mask = torch.rand((T, N), generator=torch.Generator().manual_seed(2)) < 0.6
    x[~mask] = torch.nan
    x.requires_grad_()
    h0.requires_grad_()
    h, last = module(x, h0, mask)
    (h * dh).sum().backward()

    params = RNNParams.from_state_dict(module.state_dict(), nonlinearity=nonlinearity)
    h_np, cache = rnn_forward(x.detach().numpy(), h0.detach().numpy(), params, mask.numpy())
    dx, dh0, dparams = rnn_backward(dh.numpy(), cache)
    np.testing.assert_allclose(h.detach().numpy(), h_np, rtol=0, atol=1e-10)
    np.testing.assert_array_equal(last.detach().numpy(), h[-1].detach().numpy())
    assert gradient_error(dx, x.grad.numpy()) < 1e-10
    assert gradient_error(dh0, h0.grad.numpy()) < 1e-10
    for name, array in dparams.arrays():
        assert gradient_error(array, getattr(module, f"{name}_l0").grad.numpy()) < 1e-10


def test_no_first_state_means_zeros():
    module, _ = twins("tanh")
    x, h0, _ = inputs()
    torch.testing.assert_close(module(x)[0], module(x, torch.zeros_like(h0))[0])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda m, x, h0: m(x[0]), r"x must have shape \(T, N, 3\), got \(4, 3\)"),
        (lambda m, x, h0: m(x[:0]), r"got \(0, 4, 3\)"),
        (lambda m, x, h0: m(x, h0[:1]), r"h0 must have shape \(4, 5\), got \(1, 5\)"),
        (lambda m, x, h0: m(x, h0, torch.ones(N, T) > 0), "mask must be bool of shape"),
        (lambda m, x, h0: m(x, h0, torch.ones(T, N)), "mask must be bool"),
        (lambda m, x, h0: RNN(2, 2, "sigmoid"), "nonlinearity must be"),
    ],
)
def test_a_wrong_call_names_the_argument(call, message):
    module, _ = twins("tanh")
    x, h0, _ = inputs()
    with pytest.raises(ValueError, match=message):
        call(module, x, h0)
