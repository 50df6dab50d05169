"""Dropout: its pattern, its scale, its gradient."""

import numpy as np
import pytest

from rnncore.numpy import dropout_backward, dropout_forward, gradient_error
from rnncore.numpy.gradients import centred_difference

SHARED = [(), (0,), (0, 1), (-1,), (2, 0), (0, 1, 2)]


def draw(*shape):
    return np.random.default_rng(0).normal(size=shape)


@pytest.mark.parametrize("shared_axes", SHARED)
def test_entries_are_dropped_or_scaled_and_shared_axes_agree(shared_axes):
    x = 1 + np.abs(draw(7, 5, 6))
    y, _ = dropout_forward(x, 0.6, np.random.default_rng(1), shared_axes)
    factor = (y / x).round(12)
    assert np.isin(factor, [0, 2.5]).all()
    for axis in range(3):
        constant = (factor == np.take(factor, [0], axis=axis)).all()
        assert constant == (axis in [a % 3 for a in shared_axes])


def test_variational_dropout_drops_the_same_units_at_all_time_steps_and_others_per_sequence():
    y, _ = dropout_forward(np.ones((9, 4, 30)), 0.5, np.random.default_rng(2), shared_axes=(0,))
    np.testing.assert_array_equal(y, np.broadcast_to(y[:1], y.shape))
    assert len({sequence.tobytes() for sequence in y[0]}) == 4


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.9])
def test_the_share_is_the_rate_and_the_mean_stays(rate):
    y, _ = dropout_forward(np.ones((200, 50, 20)), rate, np.random.default_rng(3))
    deviation = np.sqrt(rate * (1 - rate) / y.size)
    assert abs((y == 0).mean() - rate) < 5 * deviation
    assert abs(y.mean() - 1) < 5 * deviation / (1 - rate)


def test_rate_zero_is_the_identity_and_takes_as_many_numbers():
    x, ours, theirs = draw(4, 3, 2), np.random.default_rng(4), np.random.default_rng(4)
    y, cache = dropout_forward(x, 0.0, ours)
    np.testing.assert_array_equal(y, x)
    np.testing.assert_array_equal(dropout_backward(x + 1, cache), x + 1)
    assert not np.shares_memory(x, y)
    dropout_forward(x, 0.5, theirs)
    assert ours.random() == theirs.random()


def test_the_generator_alone_decides():
    x = draw(5, 4, 3)
    first, second, other = (
        dropout_forward(x, 0.5, np.random.default_rng(seed))[0] for seed in (5, 5, 6)
    )
    np.testing.assert_array_equal(first, second)
    assert (first != other).any()


@pytest.mark.parametrize("shared_axes", SHARED)
def test_gradient_equals_centred_differences(shared_axes):
    x, dy = draw(3, 2, 4), np.random.default_rng(7).normal(size=(3, 2, 4))

    def loss(x):
        return float((dropout_forward(x, 0.4, np.random.default_rng(8), shared_axes)[0] * dy).sum())

    _, cache = dropout_forward(x, 0.4, np.random.default_rng(8), shared_axes)
    dx = dropout_backward(dy, cache)
    assert gradient_error(dx, centred_difference(loss, x)) < 1e-6
    np.testing.assert_array_equal(dx, dropout_backward(dy, cache))


def test_float32_stays_float32_with_the_same_pattern_and_nothing_is_overwritten():
    x = draw(5, 4, 3)
    before = x.copy()
    y, cache = dropout_forward(x, 0.5, np.random.default_rng(9))
    kept = y.copy()
    dy = np.ones_like(x)
    dropout_backward(dy, cache)
    np.testing.assert_array_equal([x, y, dy], [before, kept, np.ones_like(x)])
    small, cache = dropout_forward(x.astype(np.float32), 0.5, np.random.default_rng(9))
    assert small.dtype == dropout_backward(small, cache).dtype == np.float32
    np.testing.assert_array_equal(small == 0, y == 0)


def test_nan_propagates_even_where_it_is_dropped():
    y, _ = dropout_forward(np.full((50, 1), np.nan), 0.5, np.random.default_rng(10))
    assert np.isnan(y).all()


X = np.ones((4, 3, 2))
RNG = np.random.default_rng(11)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: dropout_forward(X, 1.0, RNG), r"rate must lie in \[0, 1\), got 1.0"),
        (lambda: dropout_forward(X, -0.1, RNG), r"rate must lie in \[0, 1\), got -0.1"),
        (lambda: dropout_forward(X, np.nan, RNG), r"rate must lie in \[0, 1\), got nan"),
        (lambda: dropout_forward(X, 0.5, 3), "rng must be a numpy.random.Generator, got int"),
        (lambda: dropout_forward(X, 0.5, RNG, (3,)), r"shared_axes must lie in \[-3, 3\), got"),
        (lambda: dropout_forward(X, 0.5, RNG, (0, -4)), "shared_axes must lie in"),
        (lambda: dropout_forward(X.tolist(), 0.5, RNG), "x must be a NumPy array .* got list"),
        (lambda: dropout_forward(X.astype(int), 0.5, RNG), "x must be float32 or float64"),
        (lambda: dropout_forward(X[:0], 0.5, RNG), "x must have .* every axis needs"),
        (lambda: dropout_forward(np.array(1.0), 0.5, RNG), r"x must have .* got \(\)"),
        (lambda: dropout_backward(X[:1], dropout_forward(X, 0.5, RNG, (0,))[1]), "dy must have"),
        (
            lambda: dropout_backward(X.astype(np.float32), dropout_forward(X, 0.5, RNG)[1]),
            "dy must be float64",
        ),
    ],
)
def test_a_wrong_call_names_the_argument(call, message):
    with pytest.raises(ValueError, match=message):
        call()
