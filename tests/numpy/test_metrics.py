"""Forecasts and probabilities judged: by hand, by properties, and by plain loops."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnncore.numpy import calibration_error, mase, softmax


def test_mase_by_hand():
    history = np.array([1.0, 3.0, 2.0, 6.0])  # changes 2, 1, 4: 7/3 a step; over two steps 1, 3
    actual, forecast = np.array([5.0, 7.0]), np.array([6.0, 4.0])
    assert mase(actual, forecast, history) == pytest.approx(2 / (7 / 3))
    assert mase(actual, forecast, history, season=2) == pytest.approx(1)
    assert mase(actual, forecast, history, season=3) == pytest.approx(2 / 5)
    assert mase(actual, actual, history) == 0


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), M=st.integers(2, 30), data=st.data())
def test_mase_equals_a_plain_loop_and_has_no_unit(seed, M, data):
    season = data.draw(st.integers(1, M - 1))
    rng = np.random.default_rng(seed)
    history = rng.normal(size=M)
    actual, forecast = rng.normal(size=(2, 3, 4))
    errors = [abs(a - f) for a, f in zip(actual.flat, forecast.flat, strict=True)]
    naive = [abs(history[t] - history[t - season]) for t in range(season, M)]
    expected = (sum(errors) / len(errors)) / (sum(naive) / len(naive))
    assert mase(actual, forecast, history, season) == pytest.approx(expected)
    other_unit = (1.8 * a + 32 for a in (actual, forecast, history))
    assert mase(*other_unit, season) == pytest.approx(expected)


def test_the_seasonal_naive_forecast_of_history_itself_has_one():
    history = np.random.default_rng(0).normal(size=50)
    for season in (1, 7):
        assert mase(history[season:], history[:-season], history, season) == pytest.approx(1)


def test_mase_takes_float32_and_lets_nan_through():
    series = np.array([1.0, 3.0, 2.0], np.float32)
    assert mase(series, series[::-1], series) == pytest.approx((2 / 3) / 1.5)
    for place in range(3):
        arrays = [np.array([1.0, 3.0, 2.0]) for _ in range(3)]
        arrays[place][1] = np.nan
        assert np.isnan(mase(*arrays))


def test_calibration_error_by_hand():
    # (0, .5]: mean .25, one hit of two; (.5, 1]: mean .8, one of one: (2·.25 + 1·.2) / 3.
    probabilities, labels = np.array([0.1, 0.4, 0.8]), np.array([0, 1, 1])
    assert calibration_error(probabilities, labels, bins=2) == pytest.approx(0.7 / 3)
    # One bin: the mean 1.3 / 3 against 2 / 3.
    assert calibration_error(probabilities, labels, bins=1) == pytest.approx(0.7 / 3)
    assert calibration_error(np.array([0.0, 1.0]), np.array([0, 1])) == 0
    assert calibration_error(np.array([0.0, 1.0]), np.array([1, 0])) == 1


def test_a_bin_holds_its_upper_edge():
    for dtype in (np.float32, np.float64):
        tenths = (np.arange(11) / 10).astype(dtype)
        for k in range(1, 11):
            # Together in one bin, a hit and a miss of .5 each way cancel; apart they add up.
            pair, labels = tenths[[k - 1, k]], np.array([1, 0])
            apart = calibration_error(pair, labels)
            cancelled = abs(1 - pair.astype(float).sum()) / 2
            summed = (1 - float(pair[0]) + float(pair[1])) / 2
            assert apart == pytest.approx(cancelled if k == 1 else summed)


def plain_calibration_error(confidence, hits, bins):
    total = 0.0
    for b in range(bins):
        inside = [
            i for i, p in enumerate(confidence)
            if b / bins < p <= (b + 1) / bins or (b == 0 and p == 0)
        ]  # fmt: skip
        if inside:
            share = sum(bool(hits[i]) for i in inside) / len(inside)
            mean = sum(confidence[i] for i in inside) / len(inside)
            total += len(inside) / len(confidence) * abs(share - mean)
    return total


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    M=st.integers(1, 40),
    K=st.integers(2, 5),
    bins=st.integers(1, 15),
)
def test_calibration_error_equals_a_plain_loop(seed, M, K, bins):
    rng = np.random.default_rng(seed)
    probabilities, labels = softmax(2 * rng.normal(size=(M, K))), rng.integers(0, K, M)
    got = calibration_error(probabilities, labels, bins)
    confidence = probabilities.max(axis=1)
    hits = probabilities.argmax(axis=1) == labels
    assert got == pytest.approx(plain_calibration_error(confidence, hits, bins))
    event, happened = rng.random(M), rng.integers(0, 2, M)
    got = calibration_error(event, happened, bins)
    assert got == pytest.approx(plain_calibration_error(event, happened, bins))
    assert 0 <= got <= 1
    order = rng.permutation(M)
    assert calibration_error(event[order], happened[order], bins) == pytest.approx(got)


def test_calibrated_probabilities_have_almost_no_error_and_sharpened_ones_do():
    rng = np.random.default_rng(1)
    logits = 2 * rng.normal(size=(20_000, 3))
    labels = (softmax(logits).cumsum(axis=1) < rng.random((20_000, 1))).sum(axis=1)
    assert calibration_error(softmax(logits), labels) < 0.02
    assert calibration_error(softmax(3 * logits), labels) > 0.1


def test_nan_makes_the_calibration_error_nan():
    assert np.isnan(calibration_error(np.array([0.5, np.nan]), np.array([1, 0])))
    rows = np.array([[0.5, 0.5], [np.nan, 0.5]])
    assert np.isnan(calibration_error(rows, np.array([1, 0])))


def wrong_calls():
    series, flat = np.array([1.0, 2.0, 4.0]), np.ones(3)
    rows, labels = np.array([[0.2, 0.8], [0.6, 0.4]]), np.array([1, 0])
    return {
        "a shorter forecast": (
            lambda: mase(series, series[:2], series), r"forecast must have shape \(3,\), got \(2,\)"
        ),
        "a list": (lambda: mase([1.0], series, series), "actual must be a NumPy array"),
        "nothing": (lambda: mase(series[:0], series[:0], series), "actual .* at least one entry"),
        "integers": (lambda: mase(series.astype(int), series, series), "actual must be float32"),
        "many histories": (lambda: mase(series, series, series[None]), r"history .* \(M,\)"),
        "a season too long": (
            lambda: mase(series, series, series, 3), "longer than a season, 3, got 3 entries"
        ),
        "a season of 0": (lambda: mase(series, series, series, 0), "season must be at least 1"),
        "a season of 1.0": (lambda: mase(series, series, series, 1.0), "season .* got float"),
        "a constant history": (lambda: mase(series, series, flat), "history must differ"),
        "probabilities over time": (
            lambda: calibration_error(rows[None], labels), r"probabilities must have shape \(M,\)"
        ),
        "a list of probabilities": (
            lambda: calibration_error([0.5], labels), "probabilities must be a NumPy array"
        ),
        "logits": (lambda: calibration_error(rows * 3, labels), r"\[0, 1\], got .* softmax"),
        "a negative probability": (lambda: calibration_error(-rows[:, 0], labels), "got -0.2"),
        "rows that do not sum to 1": (
            lambda: calibration_error(rows / 2, labels), "sum to 1 in each row, .* sums to 0.5"
        ),
        "one-hot labels": (
            lambda: calibration_error(rows, np.eye(2, dtype=int)), r"labels must have shape \(2,\)"
        ),
        "float labels": (lambda: calibration_error(rows, labels * 1.0), "labels must be an int"),
        "a label of K": (lambda: calibration_error(rows, labels + 1), "between 0 and 1, got 2"),
        "an event of 2": (
            lambda: calibration_error(rows[:, 0], labels + 1), "labels must lie between 0 and 1"
        ),
        "no bins": (lambda: calibration_error(rows, labels, 0), "bins must be at least 1"),
        "half a bin": (lambda: calibration_error(rows, labels, 0.5), "bins must be an integer"),
    }  # fmt: skip


@pytest.mark.parametrize("name", wrong_calls())
def test_a_wrong_call_names_the_argument(name):
    call, message = wrong_calls()[name]
    with pytest.raises(ValueError, match=message):
        call()
