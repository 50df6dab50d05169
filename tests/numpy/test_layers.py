"""Read-out, embedding and loss against torch, centred differences and their own identities."""

import numpy as np
import pytest
import torch

from rnncore.numpy import (
    EmbeddingParams,
    LinearParams,
    embedding_backward,
    embedding_forward,
    gradient_check,
    gradient_error,
    linear_backward,
    linear_forward,
    softmax_cross_entropy,
)


@pytest.mark.parametrize("places", [(4,), (6, 4), (1, 1)])
def test_linear_equals_torch(places):
    rng = np.random.default_rng(0)
    params = LinearParams.init(rng, 5, 3)
    x, dy = rng.normal(size=(*places, 5)), rng.normal(size=(*places, 3))
    y, cache = linear_forward(x, params)
    dx, dparams = linear_backward(dy, cache)
    leaves = [torch.tensor(a, requires_grad=True) for a in (x, params.weight, params.bias)]
    theirs = torch.nn.functional.linear(*leaves)
    theirs.backward(torch.tensor(dy))
    np.testing.assert_allclose(y, theirs.detach().numpy(), atol=1e-12)
    for ours, leaf in zip((dx, dparams.weight, dparams.bias), leaves, strict=True):
        assert gradient_error(ours, leaf.grad.numpy()) < 1e-12


def test_embedding_is_a_one_hot_product_forward_and_backward():
    rng = np.random.default_rng(1)
    params = EmbeddingParams.init(rng, 7, 4)
    ids = np.array([[3, 3, 0], [6, 3, 1]])
    x, cache = embedding_forward(ids, params)
    one_hot = np.eye(7)[ids]
    np.testing.assert_array_equal(x, one_hot @ params.weight)
    dx = rng.normal(size=x.shape)
    dweight = embedding_backward(dx, cache).weight
    np.testing.assert_allclose(dweight, np.einsum("tnk,tnd->kd", one_hot, dx), atol=1e-14)
    assert not dweight[[2, 4, 5]].any()


@pytest.mark.parametrize("masked", [False, True])
def test_cross_entropy_equals_torch(masked):
    rng = np.random.default_rng(2)
    logits, targets = rng.normal(size=(6, 4, 5)) * 3, rng.integers(0, 5, (6, 4))
    mask = rng.random((6, 4)) < 0.5 if masked else None
    loss, dlogits = softmax_cross_entropy(logits, targets, mask)
    leaf = torch.tensor(logits, requires_grad=True)
    theirs = torch.nn.functional.cross_entropy(
        leaf.reshape(24, 5),
        torch.tensor(np.where(mask, targets, -100) if masked else targets).reshape(24),
    )
    theirs.backward()
    assert type(loss) is float
    assert loss == pytest.approx(theirs.item(), abs=1e-12)
    np.testing.assert_allclose(dlogits, leaf.grad.numpy(), atol=1e-14)


def test_cross_entropy_gradient_equals_centred_differences():
    rng = np.random.default_rng(3)
    logits, targets = rng.normal(size=(3, 2, 4)), rng.integers(0, 4, (3, 2))
    mask = np.array([[True, False], [True, True], [False, False]])
    grads = softmax_cross_entropy(logits, targets, mask)[1]
    errors = gradient_check(lambda z: softmax_cross_entropy(z, targets, mask)[0], logits, grads)
    assert errors["array"] < 1e-9


def test_masked_places_may_hold_anything():
    logits, targets = np.zeros((3, 1, 2)), np.zeros((3, 1), int)
    mask = np.array([[True], [False], [True]])
    logits[1], targets[1] = np.nan, -1
    loss, dlogits = softmax_cross_entropy(logits, targets, mask)
    assert loss == pytest.approx(np.log(2))
    assert (dlogits[1] == 0).all()
    assert np.isfinite(dlogits).all()


def test_no_real_target_costs_nothing():
    loss, dlogits = softmax_cross_entropy(
        np.ones((2, 3, 4)), np.zeros((2, 3), int), np.zeros((2, 3), bool)
    )
    assert loss == 0
    assert (dlogits.shape, dlogits.dtype) == ((2, 3, 4), np.float64)
    assert not dlogits.any()


def test_one_class_costs_nothing_masked_or_not():
    mask = np.array([[True], [False]])
    loss, dlogits = softmax_cross_entropy(np.ones((2, 1, 1)), np.zeros((2, 1), int), mask)
    assert loss == 0
    np.testing.assert_array_equal(dlogits, np.zeros((2, 1, 1)))


def test_the_mean_of_float32_costs_is_taken_in_float64():
    logits, targets = np.zeros((3**9, 2), np.float32), np.zeros(3**9, int)
    loss, _ = softmax_cross_entropy(logits, targets)
    assert loss == pytest.approx(softmax_cross_entropy(logits[:1], targets[:1])[0], rel=1e-14)


def test_far_logits_do_not_overflow_and_nan_is_not_hidden():
    loss, dlogits = softmax_cross_entropy(np.array([[0.0, 1e4]]), np.array([0]))
    assert loss == pytest.approx(1e4)
    np.testing.assert_array_equal(dlogits, [[-1, 1]])
    assert np.isnan(softmax_cross_entropy(np.array([[np.nan, 0.0]]), np.array([0]))[0])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_precision_is_kept(dtype):
    rng = np.random.default_rng(4)
    linear = LinearParams.init(rng, 3, 2, dtype=dtype)
    table = EmbeddingParams.init(rng, 5, 3, dtype=dtype)
    x, embedding_cache = embedding_forward(np.array([[1, 2]]), table)
    logits, linear_cache = linear_forward(x, linear)
    _, dlogits = softmax_cross_entropy(logits, np.array([[0, 1]]), np.array([[True, False]]))
    dx, dlinear = linear_backward(dlogits, linear_cache)
    dtable = embedding_backward(dx, embedding_cache)
    assert {logits.dtype, dlogits.dtype, dx.dtype, dlinear.dtype, dtable.dtype} == {np.dtype(dtype)}


def wrong_calls():
    rng = np.random.default_rng(5)
    linear, table = LinearParams.init(rng, 5, 3), EmbeddingParams.init(rng, 7, 4)
    x = rng.normal(size=(6, 2, 5))
    _, linear_cache = linear_forward(x, linear)
    _, embedding_cache = embedding_forward(np.array([[1, 2]]), table)
    logits, targets = rng.normal(size=(6, 2, 3)), np.zeros((6, 2), int)
    return {
        "read-out of too few units": (lambda: linear_forward(x[..., :4], linear), r"x .* 5\)"),
        "read-out of a list": (lambda: linear_forward([1.0], linear), "x must be a NumPy array"),
        "read-out's dy": (lambda: linear_backward(x, linear_cache), r"dy must have shape \(6, 2"),
        "an id too large": (
            lambda: embedding_forward(np.array([[1, 7]]), table),
            r"ids must lie between 0 and 6, got 7 at index \(0, 1\)",
        ),
        "a negative id": (lambda: embedding_forward(np.array([-1]), table), "got -1"),
        "ids of floats": (lambda: embedding_forward(np.ones(2), table), "integer array, got an"),
        "no ids": (lambda: embedding_forward(np.ones(0, int), table), "at least one entry"),
        "embedding's dx": (lambda: embedding_backward(x, embedding_cache), "dx must have shape"),
        "logits of one place": (
            lambda: softmax_cross_entropy(logits[0, 0], targets[0, 0]),
            r"^logits must be an array of shape \(\.\.\., K\) with at least two axes, got \(3,\)$",
        ),
        "logits a list": (
            lambda: softmax_cross_entropy([[1.0]], targets), "^logits .* two axes, got list$"
        ),
        "no logits": (
            lambda: softmax_cross_entropy(logits[:0], targets[:0]),
            r"^logits must have shape \(any, any, K\), got \(0, 2, 3\); every axis",
        ),
        "one-hot targets": (
            lambda: softmax_cross_entropy(logits, logits), r"targets must have shape \(6, 2\)"
        ),
        "float targets": (
            lambda: softmax_cross_entropy(logits, targets * 1.0), "targets must be an integer array"
        ),
        "a target beyond K": (
            lambda: softmax_cross_entropy(logits, targets + 3), "targets must lie between 0 and 2"
        ),
        "a mask of another shape": (
            lambda: softmax_cross_entropy(logits, targets, np.ones((2, 6), bool)), "mask must have"
        ),
        "a mask of integers": (
            lambda: softmax_cross_entropy(logits, targets, targets), "mask must be bool"
        ),
        "integer logits": (
            lambda: softmax_cross_entropy(logits.astype(int), targets), "logits must be float32"
        ),
    }  # fmt: skip


@pytest.mark.parametrize("name", wrong_calls())
def test_a_wrong_call_names_the_argument(name):
    call, message = wrong_calls()[name]
    with pytest.raises(ValueError, match=message):
        call()
