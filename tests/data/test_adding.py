"""The adding problem: one mark in each half, the sum of the two as target, and its statistics."""

import numpy as np
import pytest

from rnncore.data import adding_problem


@pytest.mark.parametrize("T", [2, 3, 7, 50])
def test_the_target_is_the_sum_of_two_numbers_of_which_each_half_holds_one(T):
    x, y = adding_problem(np.random.default_rng(1), T, 300)
    assert x.shape == (T, 300, 2)
    assert y.shape == (300, 1)
    assert x.dtype == y.dtype == np.float64
    numbers, marks = x[..., 0], x[..., 1]
    assert np.isin(marks, [0, 1]).all()
    assert (marks[: T // 2].sum(axis=0) == 1).all()
    assert (marks[T // 2 :].sum(axis=0) == 1).all()
    first, second = numbers[: T // 2], numbers[T // 2 :]
    marked = first.T[marks[: T // 2].T == 1] + second.T[marks[T // 2 :].T == 1]
    np.testing.assert_allclose(y[:, 0], marked, rtol=1e-15)


def test_marks_and_numbers_are_even_and_the_target_has_variance_one_sixth():
    x, y = adding_problem(np.random.default_rng(2), 10, 40_000)
    np.testing.assert_allclose(x[..., 1].mean(axis=1), 0.2, atol=0.01)
    assert 0 <= x[..., 0].min() < 0.001
    assert 0.999 < x[..., 0].max() < 1
    assert np.mean(x[..., 0]) == pytest.approx(1 / 2, abs=0.002)
    assert np.var(x[..., 0]) == pytest.approx(1 / 12, abs=0.001)
    assert np.mean(y) == pytest.approx(1, abs=0.01)
    assert np.mean((y - 1) ** 2) == pytest.approx(1 / 6, abs=0.003)


def test_half_of_the_variance_is_left_to_who_forgets_the_first_half():
    x, y = adding_problem(np.random.default_rng(3), 20, 40_000)
    second = (x[10:, :, 0] * x[10:, :, 1]).sum(axis=0)[:, None]
    assert np.mean((second + 0.5 - y) ** 2) == pytest.approx(1 / 12, abs=0.002)


def test_a_seed_gives_the_same_sequences_and_the_next_draw_others():
    rng = np.random.default_rng(4)
    x, _ = adding_problem(rng, 9, 5)
    np.testing.assert_array_equal(x, adding_problem(np.random.default_rng(4), 9, 5)[0])
    assert not np.array_equal(x, adding_problem(rng, 9, 5)[0])


@pytest.mark.parametrize(("T", "N"), [(1, 3), (5, 0)])
def test_sizes_too_small_are_refused(T, N):
    with pytest.raises(ValueError, match=f"N at least 1, got {T} and {N}"):
        adding_problem(np.random.default_rng(0), T, N)
