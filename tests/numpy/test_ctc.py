"""CTC loss against torch, the sum over all alignments, and centred differences."""

from itertools import product

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from rnncore.numpy import centred_difference, ctc_loss, gradient_error, log_softmax
from tests.numpy.alignments import probabilities_of_labels


def draw(seed, T, N, K, S, blank=0, full=False):
    """Logits, targets without the blank, and lengths from 0 up (or full)."""
    rng = np.random.default_rng(seed)
    logits = 3 * rng.normal(size=(T, N, K))
    targets = rng.integers(0, K - 1, (N, S))
    targets += targets >= blank
    low = (T, S) if full else (0, 0)
    return logits, targets, rng.integers(low[0], T + 1, N), rng.integers(low[1], S + 1, N)


def torch_loss(logits, targets, logit_lengths, target_lengths, blank=0):
    """The losses, and the gradient of the sum of the finite ones at the logits."""
    leaf = torch.tensor(logits, requires_grad=True)
    log_probabilities = torch.log_softmax(leaf, -1)
    arguments = [torch.tensor(a) for a in (targets, logit_lengths, target_lengths)]

    def loss(**how):
        return torch.nn.functional.ctc_loss(log_probabilities, *arguments, blank=blank, **how)

    loss(reduction="sum", zero_infinity=True).backward()
    return loss(reduction="none").detach().numpy(), leaf.grad.numpy()


@settings(max_examples=150, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    T=st.integers(1, 12),
    N=st.integers(1, 5),
    K=st.integers(2, 5),
    S=st.integers(1, 6),
    data=st.data(),
)
def test_loss_and_gradient_equal_torch(seed, T, N, K, S, data):
    blank = data.draw(st.integers(0, K - 1))
    case = draw(seed, T, N, K, S, blank)
    loss, dlogits = ctc_loss(*case, blank)
    theirs, dtheirs = torch_loss(*case, blank)
    np.testing.assert_allclose(loss, theirs, rtol=1e-10, atol=1e-10)
    assert gradient_error(dlogits, dtheirs) < 1e-10


def test_a_long_batch_equals_torch():
    case = draw(0, 150, 4, 20, 40, full=True)
    loss, dlogits = ctc_loss(*case)
    theirs, dtheirs = torch_loss(*case)
    assert np.isfinite(loss).all()
    np.testing.assert_allclose(loss, theirs, rtol=1e-12)
    assert gradient_error(dlogits, dtheirs) < 1e-10


@pytest.mark.parametrize("blank", [0, 2])
def test_loss_is_the_sum_over_all_alignments(blank):
    logits = np.random.default_rng(1).normal(size=(5, 1, 3))
    others = [k for k in range(3) if k != blank]
    found = probabilities_of_labels(logits[:, 0], blank)
    assert sum(found.values()) == pytest.approx(1)
    for S in range(6):
        for labels in product(others, repeat=S):
            target = np.array([labels], dtype=int).reshape(1, S)
            loss, _ = ctc_loss(logits, target, np.array([5]), np.array([S]), blank)
            chance = found.get(labels, 0.0)
            assert loss[0] == pytest.approx(-np.log(chance) if chance else np.inf, abs=1e-12)


def test_gradient_equals_centred_differences():
    logits, targets, _, _ = draw(2, 6, 4, 4, 3)
    targets[0] = 1, 1, 2
    lengths = np.array([6, 5, 3, 0]), np.array([3, 2, 0, 0])
    _, dlogits = ctc_loss(logits, targets, *lengths)
    numeric = centred_difference(lambda z: ctc_loss(z, targets, *lengths)[0].sum(), logits)
    assert gradient_error(dlogits, numeric) < 1e-8


def test_a_repeat_needs_one_frame_more():
    logits = np.random.default_rng(3).normal(size=(3, 3, 3))
    targets = np.array([[1, 1], [1, 2], [1, 1]])
    loss, dlogits = ctc_loss(logits, targets, np.array([2, 2, 3]), np.array([2, 2, 2]))
    assert list(np.isfinite(loss)) == [False, True, True]
    assert loss[0] == np.inf
    assert not dlogits[:, 0].any()
    assert dlogits[:2, 1].all()


def test_without_frames_only_the_empty_target_is_possible():
    logits, targets, _, _ = draw(4, 3, 2, 3, 2)
    loss, dlogits = ctc_loss(logits, targets, np.array([0, 0]), np.array([0, 1]))
    np.testing.assert_array_equal(loss, [0, np.inf])
    assert not dlogits.any()


def test_an_empty_target_is_all_blanks_and_needs_no_column():
    logits = np.random.default_rng(5).normal(size=(4, 2, 3))
    empty = np.zeros((2, 0), int)
    loss, dlogits = ctc_loss(logits, empty, np.array([4, 2]), np.array([0, 0]), 1)
    blanks = log_softmax(logits)[..., 1]
    np.testing.assert_allclose(loss, [-blanks[:, 0].sum(), -blanks[:2, 1].sum()])
    expected = np.exp(log_softmax(logits)) - np.eye(3)[1]
    expected[2:, 1] = 0
    np.testing.assert_allclose(dlogits, expected, atol=1e-14)


@settings(max_examples=50, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), junk=st.sampled_from([np.nan, np.inf, -np.inf, 7.0]))
def test_padding_may_hold_anything_and_changes_nothing(seed, junk):
    logits, targets, logit_lengths, target_lengths = draw(seed, 7, 3, 4, 3)
    loss, dlogits = ctc_loss(logits, targets, logit_lengths, target_lengths)
    beyond = np.arange(9)[:, None] >= logit_lengths
    longer = np.concatenate([logits, logits[:2]])
    longer[beyond] = junk
    wider = np.concatenate([targets, targets[:, :1]], axis=1)
    wider[np.arange(4) >= target_lengths[:, None]] = -5
    padded_loss, dpadded = ctc_loss(longer, wider, logit_lengths, target_lengths)
    np.testing.assert_array_equal(padded_loss, loss)
    np.testing.assert_array_equal(dpadded[:7], dlogits)
    assert not dpadded[beyond].any()


def test_order_in_the_batch_does_not_matter_and_strides_are_free():
    case = draw(6, 8, 5, 4, 3)
    loss, dlogits = ctc_loss(*case)
    logits, targets, logit_lengths, target_lengths = case
    order = np.array([3, 0, 4, 2, 1])
    turned = np.asfortranarray(logits[:, order]), np.asfortranarray(targets[order])
    shuffled, dshuffled = ctc_loss(*turned, logit_lengths[order], target_lengths[order])
    np.testing.assert_array_equal(shuffled, loss[order])
    np.testing.assert_array_equal(dshuffled, dlogits[:, order])


def test_gradient_sums_to_zero_at_each_frame():
    _, dlogits = ctc_loss(*draw(7, 30, 4, 6, 5))
    np.testing.assert_allclose(dlogits.sum(axis=-1), 0, atol=1e-13)
    assert dlogits.any()


def test_nothing_given_is_changed():
    case = draw(8, 6, 3, 4, 2)
    before = [a.copy() for a in case]
    ctc_loss(*case)
    for given_array, copy in zip(case, before, strict=True):
        np.testing.assert_array_equal(given_array, copy)


def test_float32_stays_float32_and_long_sequences_keep_their_digits():
    logits, targets, *lengths = draw(9, 600, 2, 20, 120, full=True)
    loss, dlogits = ctc_loss(logits.astype(np.float32), targets, *lengths)
    exact, dexact = ctc_loss(logits.astype(np.float32).astype(np.float64), targets, *lengths)
    assert loss.dtype == dlogits.dtype == np.float32
    np.testing.assert_allclose(loss, exact, rtol=1e-6)
    np.testing.assert_allclose(dlogits, dexact, atol=3e-6)


def test_far_logits_do_not_overflow():
    logits = np.array([[[0.0, 2e4]], [[0.0, -2e4]]])
    loss, dlogits = ctc_loss(logits, np.array([[1]]), np.array([2]), np.array([1]))
    assert loss[0] == pytest.approx(0, abs=1e-12)
    np.testing.assert_allclose(dlogits, 0, atol=1e-12)
    loss, dlogits = ctc_loss(logits[:, :, ::-1], np.array([[1]]), np.array([1]), np.array([1]))
    assert loss[0] == pytest.approx(2e4)
    np.testing.assert_allclose(dlogits, [[[1, -1]], [[0, 0]]], atol=1e-12)


def test_a_class_of_probability_zero_makes_its_target_impossible():
    logits = np.zeros((3, 2, 3))
    logits[..., 2] = -np.inf
    loss, dlogits = ctc_loss(logits, np.array([[2], [1]]), np.array([3, 3]), np.array([1, 1]))
    assert loss[0] == np.inf
    assert not dlogits[:, 0].any()
    assert loss[1] == pytest.approx(-np.log(6 / 8))  # 1, 10, 01 … : 6 of 2³ alignments
    assert np.isfinite(dlogits[:, 1]).all()


def test_nan_at_a_real_frame_reaches_its_own_loss_and_no_other():
    logits, targets, _, _ = draw(10, 5, 2, 4, 2)
    lengths = np.array([4, 5]), np.array([2, 2])
    clean, dclean = ctc_loss(logits, targets, *lengths)
    logits[2, 0, 1] = np.nan
    loss, dlogits = ctc_loss(logits, targets, *lengths)
    assert np.isnan(loss[0])
    assert np.isnan(dlogits[:4, 0]).any(axis=-1).all()
    assert not dlogits[4, 0].any()
    assert loss[1] == clean[1]
    np.testing.assert_array_equal(dlogits[:, 1], dclean[:, 1])


def test_small_integer_types_do_not_overflow():
    logits, targets, *_ = draw(11, 300, 1, 4, 130)
    lengths = np.array([300]), np.array([130])
    loss, _ = ctc_loss(logits, targets.astype(np.uint8), lengths[0], lengths[1].astype(np.uint8))
    assert loss[0] == ctc_loss(logits, targets, *lengths)[0][0] < np.inf


def wrong_calls():
    logits, targets, _, _ = draw(12, 6, 2, 4, 3)
    frames, labels = np.array([6, 5]), np.array([3, 2])
    with_blank = np.where(np.arange(3) == 1, 0, targets)
    return {
        "logits without a batch": ((logits[:, 0], targets, frames, labels), r"logits .* \(T, N, K"),
        "no frames": ((logits[:0], targets, frames, labels), "logits .* at least one entry"),
        "logits a list": (([[1.0]], targets, frames, labels), "logits must be a NumPy array"),
        "half precision": (
            (logits.astype(np.float16), targets, frames, labels), "logits must be float32 or"
        ),
        "integer logits": ((logits.astype(int), targets, frames, labels), "got int64"),
        "time-first targets": ((logits, targets.T, frames, labels), r"targets .* \(2, S\), got"),
        "float targets": ((logits, targets * 1.0, frames, labels), "targets must be an integer"),
        "a list of targets": ((logits, [[1]], frames, labels), "targets must be a NumPy array"),
        "a target beyond K": (
            (logits, targets + 4, frames, labels), r"targets must lie between 0 and 3, .* \(0, 0\)"
        ),
        "a negative target": ((logits, targets - 9, frames, labels), "targets .* got -"),
        "the blank among targets": (
            (logits, with_blank, frames, labels), r"targets must not hold the blank, 0, .* \(0, 1\)"
        ),
        "another blank among targets": (
            (logits, np.full((2, 3), 3), frames, labels, 3), "not hold the blank, 3"
        ),
        "a blank of K": ((logits, targets, frames, labels, 4), "blank must lie between 0 and 3"),
        "a negative blank": ((logits, targets, frames, labels, -1), "blank .* got -1"),
        "a blank of True": ((logits, targets, frames, labels, True), "blank must be an integer"),
        "a blank of 0.0": ((logits, targets, frames, labels, 0.0), "blank must be an .* float"),
        "frames beyond T": (
            (logits, targets, frames + 1, labels),
            r"logit_lengths must lie between 0 and 6, got 7 at index \(0,\)",
        ),
        "negative frames": ((logits, targets, -frames, labels), "logit_lengths .* got -6"),
        "float frames": ((logits, targets, frames * 1.0, labels), "logit_lengths must be an int"),
        "one length for all": ((logits, targets, frames[:1], labels), r"logit_lengths .* \(2,\)"),
        "a number of frames": ((logits, targets, 6, labels), "logit_lengths must be a NumPy"),
        "labels beyond S": ((logits, targets, frames, labels + 1), "target_lengths .* 3, got 4"),
        "negative labels": ((logits, targets, frames, -labels), "target_lengths .* got -3"),
        "lengths as a column": (
            (logits, targets, frames, labels[:, None]), r"target_lengths must have shape \(2,\)"
        ),
        "lengths without targets": (
            (logits, targets[:, :0], frames, labels), "target_lengths must lie between 0 and 0"
        ),
    }  # fmt: skip


@pytest.mark.parametrize("name", wrong_calls())
def test_a_wrong_call_names_the_argument(name):
    arguments, message = wrong_calls()[name]
    with pytest.raises(ValueError, match=message):
        ctc_loss(*arguments)
