"""Activations against torch, at the ends of their range, and their slopes."""

import numpy as np
import pytest
import torch

from rnncore.numpy import (
    centred_difference,
    log_softmax,
    relu,
    relu_backward,
    sigmoid,
    sigmoid_backward,
    softmax,
    tanh,
    tanh_backward,
)

X = np.random.default_rng(0).normal(size=(3, 4)) * 3
PAIRS = {
    "sigmoid": (sigmoid, sigmoid_backward, torch.sigmoid),
    "tanh": (tanh, tanh_backward, torch.tanh),
    "relu": (relu, relu_backward, torch.relu),
}


@pytest.mark.parametrize("name", PAIRS)
def test_values_equal_torchs_and_slopes_the_centred_difference(name):
    forward, backward, theirs = PAIRS[name]
    np.testing.assert_allclose(forward(X), theirs(torch.tensor(X)).numpy(), rtol=1e-12)
    dy = np.random.default_rng(1).normal(size=X.shape)
    numeric = centred_difference(lambda x: float((forward(x) * dy).sum()), X)
    np.testing.assert_allclose(backward(dy, forward(X)), numeric, atol=1e-8)


@pytest.mark.parametrize("name", PAIRS)
def test_float32_stays_and_nan_propagates(name):
    forward, backward, _ = PAIRS[name]
    y = forward(np.array([1.0, np.nan], np.float32))
    assert y.dtype == np.float32
    assert np.isnan(y[1])
    dx = backward(np.ones(2, np.float32), y)
    assert dx.dtype == np.float32
    assert np.isnan(dx[1])


def test_sigmoid_is_exact_far_out():
    y = sigmoid(np.array([-1000.0, -40.0, 0.0, 40.0, 1000.0]))
    np.testing.assert_allclose(y, [0, np.exp(-40), 0.5, 1, 1], rtol=1e-14)


@pytest.mark.parametrize("axis", [0, -1])
def test_softmax_sums_to_one_and_does_not_overflow(axis):
    huge = X * 1000
    p = softmax(huge, axis)
    np.testing.assert_allclose(p.sum(axis), 1)
    np.testing.assert_allclose(
        log_softmax(huge, axis), torch.log_softmax(torch.tensor(huge), axis).numpy(), rtol=1e-12
    )
    np.testing.assert_allclose(softmax(X + 500, axis), softmax(X, axis), rtol=1e-11)
