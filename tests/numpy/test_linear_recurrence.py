"""Scan against loop, loop against torch autograd, both against centred differences."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from rnncore.numpy import (
    gradient_check,
    gradient_error,
    linear_recurrence_backward,
    linear_recurrence_loop,
    linear_recurrence_scan,
)

LENGTHS = [1, 2, 3, 4, 5, 7, 8, 9, 31, 64, 97, 1023, 4096]

both = pytest.mark.parametrize("forward", [linear_recurrence_loop, linear_recurrence_scan])


def draw(seed, T, N, H, decays="mixed"):
    """Decays, additions, first state and upstream gradients; ``mixed`` holds 0, 1 and -1 too."""
    rng = np.random.default_rng(seed)
    a = rng.uniform(-1, 1, (T, N, H))
    if decays == "mixed":
        a = np.where(rng.random(a.shape) < 0.4, rng.integers(-1, 2, a.shape), a)
    elif decays == "slow":
        a = 1 - np.abs(a) / 1000
    elif decays != "any":
        a = np.full(a.shape, float(decays))
    b, h0, dh = (rng.normal(size=shape) for shape in ((T, N, H), (N, H), (T, N, H)))
    return a, b, h0, dh


def assert_same(ours, theirs, tolerance=1e-12):
    for mine, other in zip(ours, theirs, strict=True):
        assert gradient_error(mine, other) < tolerance


@pytest.mark.parametrize("T", LENGTHS)
@pytest.mark.parametrize("decays", ["any", "mixed", "slow", "0", "1", "-1"])
def test_scan_equals_loop_forward_and_backward(T, decays):
    a, b, h0, dh = draw(T, T, 3, 11, decays)  # at T = 4096 three blocks of the scan
    h, cache = linear_recurrence_scan(a, b, h0)
    looped, loop_cache = linear_recurrence_loop(a, b, h0)
    assert_same([h], [looped])
    da, db, dh0 = linear_recurrence_backward(dh, cache)
    looped_da, *looped_grads = linear_recurrence_backward(dh, loop_cache)
    assert_same([db, dh0], looped_grads)
    # An entry of da is a product, as exact as its factors: compared by the largest entry.
    largest = np.abs(looped_da).max() + 1
    assert_same([da / largest], [looped_da / largest])


@settings(max_examples=200, deadline=None)
@given(
    sizes=st.tuples(st.integers(1, 40), st.integers(1, 4), st.integers(1, 4)),
    seed=st.integers(0, 2**32 - 1),
    block=st.integers(0, 20),
    real=st.sampled_from([None, 0.0, 0.5, 0.9, 1.0]),
)
def test_scan_equals_loop_with_any_mask_and_any_block(sizes, seed, block, real):
    T, N, H = sizes
    a, b, h0, dh = draw(seed, *sizes)
    mask = None if real is None else np.random.default_rng(seed).random((T, N)) < real
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("rnncore.numpy.linear_recurrence.BLOCK_BYTES", block * N * H * 8)
        h, cache = linear_recurrence_scan(a, b, h0, mask)
        grads = linear_recurrence_backward(dh, cache)
    looped, cache = linear_recurrence_loop(a, b, h0, mask)
    assert_same([h, *grads], [looped, *linear_recurrence_backward(dh, cache)])


def masks(T, N):
    holes = np.random.default_rng(5).random((T, N)) < 0.6
    column = holes.copy()
    column[:, 1] = False
    return {
        "no mask": None,
        "holes": holes,
        "an all-masked column": column,
        "nothing real": np.zeros((T, N), bool),
        "all real": np.ones((T, N), bool),
    }


@both
@pytest.mark.parametrize("name", masks(1, 2))
@pytest.mark.parametrize("padding", [np.nan, np.inf])
@pytest.mark.parametrize("T", [1, 6, 13])
def test_any_mask_equals_a_torch_loop_whatever_the_padding(forward, name, padding, T):
    mask = masks(T, 3)[name]
    a, b, h0, dh = draw(2, T, 3, 5)
    if mask is not None:
        a[~mask], b[~mask] = padding, padding
    h, cache = forward(a, b, h0, mask)
    da, db, dh0 = linear_recurrence_backward(dh, cache)

    real = np.ones((T, 3), bool) if mask is None else mask
    leaves = [torch.tensor(array, requires_grad=True) for array in (a, b, h0)]
    states = [leaves[2]]
    for t in range(T):
        rows = [
            leaves[0][t, n] * states[-1][n] + leaves[1][t, n] if real[t, n] else states[-1][n]
            for n in range(3)
        ]
        states.append(torch.stack(rows))
    (torch.stack(states[1:]) * torch.tensor(dh)).sum().backward()
    assert_same([h], [torch.stack(states[1:]).detach().numpy()])
    theirs = [torch.zeros_like(p) if p.grad is None else p.grad for p in leaves]
    assert_same([da, db, dh0], [g.numpy() for g in theirs])
    if mask is not None:
        assert not da[~mask].any()
        assert not db[~mask].any()
        before = np.concatenate([h0[None], h[:-1]])
        np.testing.assert_array_equal(h[~mask], before[~mask])


@both
@pytest.mark.parametrize("masked", [False, True])
def test_gradients_equal_centred_differences(forward, masked):
    a, b, h0, dh = draw(3, 7, 3, 2)
    mask = np.random.default_rng(0).random((7, 3)) < 0.7 if masked else None
    names = ("a", "b", "h0")
    grads = linear_recurrence_backward(dh, forward(a, b, h0, mask)[1])
    errors = gradient_check(
        lambda tree: float((forward(tree["a"], tree["b"], tree["h0"], mask)[0] * dh).sum()),
        dict(zip(names, (a, b, h0), strict=True)),
        dict(zip(names, grads, strict=True)),
    )
    assert max(errors.values()) < 1e-6, errors


@both
def test_no_first_state_means_zeros(forward):
    a, b, h0, dh = draw(4, 6, 3, 2)
    h, cache = forward(a, b, None)
    zeros, zeros_cache = forward(a, b, np.zeros_like(h0))
    np.testing.assert_array_equal(h, zeros)
    grads = linear_recurrence_backward(dh, cache)
    for ours, theirs in zip(grads, linear_recurrence_backward(dh, zeros_cache), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_padding_at_the_end_changes_no_digit_of_the_scan():
    a, b, h0, _ = draw(5, 21, 2, 3)
    mask = np.arange(21)[:, None] < np.array([13, 21])
    padded = linear_recurrence_scan(a, b, h0, mask)[0]
    alone = linear_recurrence_scan(a[:13, :1], b[:13, :1], h0[:1])[0]
    np.testing.assert_array_equal(padded[:13, :1], alone)
    np.testing.assert_array_equal(padded[-1, 0], alone[-1, 0])


@both
@pytest.mark.parametrize("masked", [False, True])
def test_nothing_given_or_returned_is_overwritten_and_a_cache_serves_twice(forward, masked):
    a, b, h0, dh = draw(6, 9, 3, 4)
    mask = np.random.default_rng(0).random((9, 3)) < 0.5 if masked else None
    h, cache = forward(a, b, h0, mask)
    watched = [a, b, h0, dh, h]
    before = [array.copy() for array in watched]
    first = linear_recurrence_backward(dh, cache)
    kept = [array.copy() for array in first]
    again = linear_recurrence_backward(dh, cache)
    forward(a + 1, b, h0, mask)
    for was, now in zip([*before, *kept, *kept], [*watched, *first, *again], strict=True):
        np.testing.assert_array_equal(was, now)


@both
def test_strides_are_free(forward):
    a, b, h0, dh = draw(7, 9, 3, 4)
    turned = [np.asfortranarray(array) for array in (a, b, h0, dh)]
    h, cache = forward(a, b, h0)
    ours, ours_cache = forward(*turned[:3])
    reversed_h, _ = forward(a[::-1].copy()[::-1], b, h0)
    grads = linear_recurrence_backward(turned[3], ours_cache)
    assert_same([ours, reversed_h], [h, h], 1e-15)
    assert_same(grads, linear_recurrence_backward(dh, cache), 1e-15)


@both
def test_float32_stays_float32_and_is_near_float64(forward):
    a, b, h0, dh = draw(8, 50, 3, 4)
    exact = linear_recurrence_backward(dh, forward(a, b, h0)[1])
    small = [array.astype(np.float32) for array in (a, b, h0, dh)]
    for mask in (None, np.ones((50, 3), bool)):
        h, cache = forward(*small[:3], mask)
        grads = linear_recurrence_backward(small[3], cache)
        assert {array.dtype for array in (h, *grads)} == {np.dtype(np.float32)}
        assert_same([g.astype(float) for g in grads], exact, 1e-4)


@both
@pytest.mark.parametrize("into", ["a", "b"])
def test_nan_propagates_and_stays_in_its_entry(forward, into):
    a, b, h0, dh = draw(9, 12, 3, 2)
    a[8] = 0  # what is forgotten is still NaN
    (a if into == "a" else b)[5, 1, 0] = np.nan
    h, cache = forward(a, b, h0)
    expected = np.zeros(h.shape, bool)
    expected[5:, 1, 0] = True
    np.testing.assert_array_equal(np.isnan(h), expected)
    da, db, _ = linear_recurrence_backward(dh, cache)
    assert np.isnan(da[6:, 1, 0]).all()
    assert np.isfinite(db[:, [0, 2]]).all()


def wrong_calls(forward):
    a, b, h0, dh = draw(10, 6, 3, 4)
    _, cache = forward(a, b, h0)
    mask = np.ones((6, 3), bool)
    return {
        "a without time": (lambda: forward(a[0], b[0], h0), r"a must have shape \(T, N, H\)"),
        "a of no steps": (lambda: forward(a[:0], b[:0], h0), r"a must .* every axis needs"),
        "a of integers": (lambda: forward(a.astype(int), b, h0), "a must be float32 or float64"),
        "a a list": (lambda: forward(a.tolist(), b, h0), "a must be a NumPy array .* got list"),
        "one decay for all": (lambda: forward(a[:, :1], b, h0), r"b must have shape \(6, 1, 4\)"),
        "b shorter": (lambda: forward(a, b[:5], h0), r"b must have shape \(6, 3, 4\)"),
        "b of other precision": (
            lambda: forward(a, b.astype(np.float32), h0), "b must be float64 .* got float32"
        ),
        "h0 of one sequence": (lambda: forward(a, b, h0[:1]), r"h0 must have shape \(3, 4\)"),
        "h0 of other precision": (
            lambda: forward(a, b, h0.astype(np.float32)), "h0 must be float64"
        ),
        "mask batch first": (lambda: forward(a, b, h0, mask.T), r"mask must have shape \(6, 3\)"),
        "mask of floats": (lambda: forward(a, b, h0, mask * 1.0), "mask must be bool"),
        "dh of one step": (
            lambda: linear_recurrence_backward(dh[-1], cache), r"dh must have shape \(6, 3, 4\)"
        ),
        "dh of other precision": (
            lambda: linear_recurrence_backward(dh.astype(np.float32), cache), "dh must be float64"
        ),
    }  # fmt: skip


@both
@pytest.mark.parametrize("name", wrong_calls(linear_recurrence_loop))
def test_a_wrong_call_names_the_argument(forward, name):
    wrong, message = wrong_calls(forward)[name]
    with pytest.raises(ValueError, match=message):
        wrong()
