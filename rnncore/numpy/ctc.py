"""Connectionist temporal classification: the loss over all alignments of a label sequence."""

from functools import reduce

import numpy as np

from rnncore.numpy.activations import log_softmax
from rnncore.numpy.validation import (
    Array,
    check_array,
    check_float,
    check_ids,
    check_integer,
    check_lengths,
)


def ctc_loss(
    logits: Array, targets: Array, logit_lengths: Array, target_lengths: Array, blank: int = 0
) -> tuple[Array, Array]:
    """Return -log p(target) of each sequence in nats, and the gradient of their sum at the logits.

    An alignment names one symbol a frame. Merging its repeats and then dropping its blanks gives
    its labels; p(target) is the sum over all alignments that give the target.

    Parameters
    ----------
    logits : array (T, N, K)
        Scores before the softmax. Frames beyond a sequence's length may hold anything.
    targets : int array (N, S)
        Labels, 0 to K - 1 without the blank. Places beyond a target's length may hold any number.
    logit_lengths : int array (N,)
        How many frames are real, 0 to T.
    target_lengths : int array (N,)
        How many labels are real, 0 to S.
    blank : int
        The class that stands for no label.

    Returns
    -------
    loss : array (N,)
        inf where no alignment gives the target: it needs a frame for each label and one more
        between two equal ones.
    dlogits : array (T, N, K)
        Softmax minus the probability of each class at the frame given the target; zero beyond a
        sequence's length and where the loss is inf.

    Raises
    ------
    ValueError
        If shapes or dtypes do not fit, a length lies outside, or a real target is no label.

    References
    ----------
    A. Graves, S. Fernández, F. Gomez, J. Schmidhuber, "Connectionist temporal classification",
    2006, equations 5 to 16.
    """
    T, N, K = check_float("logits", logits, ("T", "N", "K")).shape
    blank = check_integer("blank", blank, 0, K - 1)
    frames = check_lengths("logit_lengths", logit_lengths, N, T)
    symbols, skip, end = _states(targets, target_lengths, N, K, blank)
    real = np.arange(T)[:, None] < frames
    log_probabilities = log_softmax(np.where(real[..., None], logits, logits.dtype.type(0)))
    emission = np.take_along_axis(log_probabilities, symbols[None], axis=-1)
    dlogits = np.exp(log_probabilities)

    with np.errstate(divide="ignore"):  # log 0 is -inf: a state that no alignment reaches
        alpha = _forward(emission, skip, real)
        log_likelihood = _log_add(*(alpha[-1] + end).T)
        _subtract_occupancies(dlogits, alpha, log_likelihood, emission, symbols, skip, end, real)
    dlogits[~real | np.isneginf(log_likelihood)] = 0
    return -log_likelihood.astype(logits.dtype), dlogits


def _states(
    targets: Array, target_lengths: Array, N: int, K: int, blank: int
) -> tuple[Array, Array, Array]:
    """Return what an alignment passes through: blank, label 1, blank, ..., label S, blank.

    Returns
    -------
    symbols : int array (N, 2S + 1)
        The class that each state emits.
    skip : array (N, 2S + 1)
        0 where a state may be entered over the blank before it, else -inf.
    end : array (N, 2S + 1)
        0 where an alignment may end (the last label, the blank after it), else -inf.
    """
    if not isinstance(targets, np.ndarray) or targets.shape != (N, 0):
        check_array("targets", targets, (N, "S"))
    S = targets.shape[1]
    lengths = check_lengths("target_lengths", target_lengths, N, S)[:, None]
    real = np.arange(S) < lengths
    if S > 0:
        check_ids("targets", targets, K, real)
    blanks = np.argwhere(real & (targets == blank))
    if len(blanks):
        raise ValueError(
            f"targets must not hold the blank, {blank}, got it at index "
            f"{tuple(blanks[0].tolist())}; the loss itself puts blanks between labels"
        )
    symbols = np.full((N, 2 * S + 1), blank)
    symbols[:, 1::2] = np.where(real, targets, blank)
    skip = np.full(symbols.shape, -np.inf)
    skip[:, 3::2][symbols[:, 3::2] != symbols[:, 1:-2:2]] = 0
    state = np.arange(2 * S + 1)
    may_end = (state == 2 * lengths) | (state == 2 * lengths - 1)
    return symbols, skip, np.where(may_end, 0, -np.inf)


def _forward(emission: Array, skip: Array, real: Array) -> Array:
    """Return log α (T + 1, N, 2S + 1): the frames before t emitted, the last of them by the state.

    Row 0 stands before the first frame: in the first blank with nothing emitted. α and β are
    float64 always: of their logarithms, some thousands in a long sequence, float32 would leave the
    gradient two digits.
    """
    T, N, L = emission.shape
    padded = np.full((T + 1, N, L + 2), -np.inf)  # two states before the first
    alpha = padded[..., 2:]
    alpha[0, :, 0] = 0
    for t in range(T):
        before = padded[t]
        arrived = _log_add(before[:, 2:], before[:, 1:-1], before[:, :-2] + skip)
        alpha[t + 1] = np.where(real[t, :, None], arrived + emission[t], alpha[t])
    return alpha


def _subtract_occupancies(
    dlogits: Array,
    alpha: Array,
    log_likelihood: Array,
    emission: Array,
    symbols: Array,
    skip: Array,
    end: Array,
    real: Array,
) -> None:
    """Take p(class at frame t | target) from ``dlogits``, running log β back from the end.

    β at a state is the probability of the frames still to come and of ending rightly; so αβ is
    that of all alignments that are in the state at the frame.
    """
    T, N, K = dlogits.shape
    L = symbols.shape[1]
    places = (np.arange(N)[:, None] * K + symbols).ravel()
    likelihood = np.where(np.isneginf(log_likelihood), 0, log_likelihood)[:, None]
    skip_into = np.pad(skip, ((0, 0), (0, 2)), constant_values=-np.inf)
    padded = np.pad(end, ((0, 0), (0, 2)), constant_values=-np.inf)  # two states after the last
    beta = padded[:, :L]
    for t in reversed(range(T)):
        occupancy = np.exp(alpha[t + 1] + beta - likelihood)
        summed = np.bincount(places, weights=occupancy.ravel(), minlength=N * K)
        dlogits[t] -= summed.reshape(N, K)
        onward = padded.copy()
        onward[:, :L] += emission[t]
        left = _log_add(onward[:, :L], onward[:, 1:-1], onward[:, 2:] + skip_into[:, 2:])
        np.copyto(beta, left, where=real[t, :, None])


def _log_add(*terms: Array) -> Array:
    """Return log Σ exp(term): -inf if all terms are, NaN if one is."""
    lowest = np.finfo(np.float64).min
    largest = np.maximum(reduce(np.maximum, terms), lowest)
    return np.asarray(largest + np.log(sum(np.exp(term - largest) for term in terms)))
