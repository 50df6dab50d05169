"""The torch scan and loop against the NumPy ones, forward and through autograd."""

import pytest
import torch

from rnncore.numpy import gradient_error
from rnncore.numpy import linear_recurrence_backward as numpy_backward
from rnncore.numpy import linear_recurrence_loop as numpy_loop
from rnncore.torch import linear_recurrence_loop, linear_recurrence_scan

EXACT = 1e-12

both = pytest.mark.parametrize("forward", [linear_recurrence_loop, linear_recurrence_scan])


def draw(T, N=3, H=5, dtype=torch.float64):
    """Decays that hold 0, 1 and -1 too, additions, first state, upstream gradients."""
    generator = torch.Generator().manual_seed(T)
    a = 2 * torch.rand(T, N, H, generator=generator, dtype=torch.float64) - 1
    ends = torch.randint(-1, 2, a.shape, generator=generator).double()
    a = torch.where(torch.rand(a.shape, generator=generator) < 0.4, ends, a)
    b, h0, dh = (
        torch.randn(shape, generator=generator, dtype=torch.float64)
        for shape in ((T, N, H), (N, H), (T, N, H))
    )
    return [tensor.to(dtype) for tensor in (a, b, h0, dh)]


@both
@pytest.mark.parametrize("T", [1, 2, 3, 4, 5, 7, 8, 9, 31, 64, 97, 1023])
@pytest.mark.parametrize("real", [None, 0.0, 0.6, 1.0])
@pytest.mark.parametrize("padding", [torch.nan, torch.inf])
def test_states_and_gradients_equal_the_numpy_loop(forward, T, real, padding):
    a, b, h0, dh = draw(T)
    mask = None
    if real is not None:
        mask = torch.rand(T, 3, generator=torch.Generator().manual_seed(1)) < real
        a[~mask], b[~mask] = padding, padding
    numpy_mask = None if mask is None else mask.numpy()
    expected, cache = numpy_loop(a.numpy(), b.numpy(), h0.numpy(), numpy_mask)
    grads = numpy_backward(dh.numpy(), cache)

    leaves = [tensor.clone().requires_grad_() for tensor in (a, b, h0)]
    h = forward(*leaves, mask)
    (h * dh).sum().backward()
    assert gradient_error(h.detach().numpy(), expected) < EXACT
    for leaf, theirs in zip(leaves, grads, strict=True):
        assert gradient_error(leaf.grad.numpy(), theirs) < EXACT
    if mask is not None:
        before = torch.cat((h0[None], h[:-1]))
        assert torch.equal(h[~mask], before[~mask])


@both
def test_autograd_agrees_with_centred_differences(forward):
    a, b, h0, _ = (tensor.requires_grad_() for tensor in draw(6, 2, 3))
    mask = torch.arange(6)[:, None] != torch.tensor([2, 5])
    assert torch.autograd.gradcheck(forward, (a, b, h0))
    assert torch.autograd.gradcheck(forward, (a, b, h0, mask))
    assert torch.autograd.gradgradcheck(forward, (a, b, h0))


@both
def test_no_first_state_means_zeros_and_float32_stays_float32(forward):
    a, b, h0, _ = draw(7, dtype=torch.float32)
    h = forward(a, b)
    assert h.dtype == torch.float32
    assert torch.equal(h, forward(a, b, torch.zeros_like(h0)))
    assert forward(a, b, h0, torch.ones(7, 3) > 0).dtype == torch.float32


@both
@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda f, a, b, h0: f(a[0], b[0], h0), r"a must have shape \(T, N, H\), got \(3, 5\)"),
        (lambda f, a, b, h0: f(a[:0], b[:0], h0), r"a must have shape .* got \(0, 3, 5\)"),
        (lambda f, a, b, h0: f(a, b[:, :1], h0), r"b must be .* of shape \(6, 3, 5\), got"),
        (lambda f, a, b, h0: f(a, b.float(), h0), "b must be torch.float64 .* got torch.float32"),
        (lambda f, a, b, h0: f(a, b, h0[:1]), r"h0 must be .* of shape \(3, 5\), got"),
        (lambda f, a, b, h0: f(a, b, h0.float()), "h0 must be torch.float64"),
        (lambda f, a, b, h0: f(a, b, h0, torch.ones(3, 6) > 0), "mask must be bool of shape"),
        (lambda f, a, b, h0: f(a, b, h0, torch.ones(6, 3)), "mask must be bool"),
    ],
)
def test_a_wrong_call_names_the_argument(forward, call, message):
    a, b, h0, _ = draw(6)
    with pytest.raises(ValueError, match=message):
        call(forward, a, b, h0)
