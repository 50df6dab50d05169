"""CTC decoding against going through all alignments."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnncore.numpy import ctc_best_path, ctc_loss, ctc_prefix_beam
from tests.numpy.alignments import probabilities_of_labels

EVERYTHING = 10_000


def one_hot(path, K):
    return 5.0 * np.eye(K)[path][:, None]


@pytest.mark.parametrize(
    ("path", "labels"),
    [
        ([0, 0, 0], []),
        ([1, 1, 1], [1]),
        ([1, 0, 1], [1, 1]),
        ([0, 2, 2, 0, 1, 1, 2], [2, 1, 2]),
        ([1], [1]),
    ],
)
def test_best_path_merges_repeats_and_drops_blanks(path, labels):
    assert ctc_best_path(one_hot(path, 3), np.array([len(path)])) == [labels]


def test_best_path_stops_at_the_length_and_knows_other_blanks():
    logits = np.concatenate([one_hot([2, 1, 0], 3), one_hot([2, 2, 1], 3)], axis=1)
    assert ctc_best_path(logits, np.array([3, 2]), blank=2) == [[1, 0], []]
    assert ctc_best_path(logits, np.array([2, 0])) == [[2, 1], []]
    assert all(type(label) is int for label in ctc_best_path(logits, np.array([3, 3]))[0])


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1), T=st.integers(1, 5), K=st.integers(2, 4), scale=st.floats(0, 4)
)
def test_the_full_beam_sums_all_alignments(seed, T, K, scale):
    rng = np.random.default_rng(seed)
    blank = int(rng.integers(K))
    logits = scale * rng.normal(size=(T, 1, K))
    (found,) = ctc_prefix_beam(logits, np.array([T]), EVERYTHING, blank)
    expected = probabilities_of_labels(logits[:, 0], blank)
    assert len(found) == len({labels for labels, _ in found})
    assert {labels for labels, _ in found} == set(expected)
    for labels, log_probability in found:
        assert log_probability == pytest.approx(np.log(expected[labels]), abs=1e-10)
    scores = [log_probability for _, log_probability in found]
    assert scores == sorted(scores, reverse=True)


def test_the_full_beam_gives_the_loss_of_each_target():
    logits = np.random.default_rng(0).normal(size=(5, 1, 3))
    for labels, log_probability in ctc_prefix_beam(logits, np.array([5]), EVERYTHING)[0]:
        target = np.array([labels], dtype=int).reshape(1, -1)
        loss, _ = ctc_loss(logits, target, np.array([5]), np.array([len(labels)]))
        assert -log_probability == pytest.approx(loss[0], abs=1e-12)


def test_alignments_that_agree_beat_the_best_path():
    # Frame by frame the blank is likeliest, .6 · .6 = .36; the label has .64 in three alignments.
    logits = np.log([[[0.6, 0.4]], [[0.6, 0.4]]])
    assert ctc_best_path(logits, np.array([2])) == [[]]
    (found,) = ctc_prefix_beam(logits, np.array([2]), 2)
    assert [labels for labels, _ in found] == [(1,), ()]
    np.testing.assert_allclose(np.exp([p for _, p in found]), [0.64, 0.36])


def test_a_repeated_label_needs_a_blank_between():
    logits = np.log(np.full((3, 1, 2), 0.5))
    (found,) = ctc_prefix_beam(logits, np.array([3]), EVERYTHING)
    eighths = {labels: 8 * np.exp(p) for labels, p in found}
    # 111 110 100 011 010 001 | 101 | 000
    assert eighths == {(1,): pytest.approx(6), (1, 1): pytest.approx(1), (): pytest.approx(1)}


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), width=st.integers(1, 6))
def test_a_narrow_beam_keeps_few_and_never_claims_too_much(seed, width):
    logits = 2 * np.random.default_rng(seed).normal(size=(5, 1, 3))
    (found,) = ctc_prefix_beam(logits, np.array([5]), width)
    expected = probabilities_of_labels(logits[:, 0])
    assert 1 <= len(found) <= width
    for labels, log_probability in found:
        assert log_probability <= np.log(expected[labels]) + 1e-12


def test_sequences_of_a_batch_are_decoded_on_their_own():
    rng = np.random.default_rng(1)
    logits, lengths = rng.normal(size=(6, 3, 4)), np.array([6, 0, 3])
    padded = logits.copy()
    padded[np.arange(6)[:, None] >= lengths] = np.nan
    together = ctc_prefix_beam(padded, lengths, 5)
    assert together[1] == [((), 0.0)]
    for n in (0, 2):
        alone = ctc_prefix_beam(logits[: lengths[n], n : n + 1], lengths[n : n + 1], 5)
        assert together[n] == alone[0]
    assert ctc_best_path(padded, lengths)[1] == []


def test_a_symbol_of_probability_zero_stands_in_no_hypothesis():
    logits = np.zeros((3, 1, 3))
    logits[..., 2] = -np.inf
    (found,) = ctc_prefix_beam(logits, np.array([3]), EVERYTHING)
    assert {labels for labels, _ in found} == {(), (1,), (1, 1)}
    assert sum(np.exp(p) for _, p in found) == pytest.approx(1)


def test_float32_is_decoded_alike():
    logits = np.random.default_rng(2).normal(size=(8, 2, 5)).astype(np.float32)
    lengths = np.array([8, 7])
    exact = ctc_prefix_beam(logits.astype(np.float64), lengths, 4)
    assert ctc_prefix_beam(logits, lengths, 4) == exact


def wrong_calls():
    logits, lengths = np.zeros((4, 2, 3)), np.array([4, 3])
    bad = {kind: logits.copy() for kind in ("nan", "inf", "nothing")}
    bad["nan"][2, 1, 0], bad["inf"][0, 0, 1], bad["nothing"][1, 0] = np.nan, np.inf, -np.inf
    return {
        "NaN": ((bad["nan"], lengths), "logits must not hold NaN"),
        "inf": ((bad["inf"], lengths), "logits must not hold NaN or inf"),
        "a frame without a symbol": ((bad["nothing"], lengths), "-inf for all symbols"),
        "no batch axis": ((logits[:, 0], lengths), r"logits must have shape \(T, N, K\)"),
        "integer logits": ((logits.astype(int), lengths), "logits must be float32"),
        "lengths beyond T": ((logits, lengths + 1), "logit_lengths must lie between 0 and 4"),
        "negative lengths": ((logits, -lengths), "logit_lengths .* got -4"),
        "too few lengths": ((logits, lengths[:1]), "logit_lengths must have shape"),
        "a blank of K": ((logits, lengths, 3), "blank must lie between 0 and 2, got 3"),
        "a blank of text": ((logits, lengths, "0"), "blank must be an integer, got str"),
    }


@pytest.mark.parametrize("name", wrong_calls())
def test_a_wrong_call_names_the_argument(name):
    (logits, lengths, *blank), message = wrong_calls()[name]
    with pytest.raises(ValueError, match=message):
        ctc_best_path(logits, lengths, *blank)
    with pytest.raises(ValueError, match=message):
        ctc_prefix_beam(logits, lengths, 3, *blank)


@pytest.mark.parametrize(
    ("width", "message"), [(0, "width must be at least 1, got 0"), (2.0, "width .* got float")]
)
def test_a_width_that_makes_no_sense_is_refused(width, message):
    with pytest.raises(ValueError, match=message):
        ctc_prefix_beam(np.zeros((2, 1, 3)), np.array([2]), width)
