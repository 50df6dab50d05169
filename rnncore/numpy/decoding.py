"""From logits to the next symbol: greedy, temperature, top-k and nucleus sampling."""

import numpy as np

from rnncore.numpy.activations import log_softmax, softmax
from rnncore.numpy.validation import Array


def greedy(logits: Array) -> Array:
    """Return the most likely symbol at each place; logits (..., K), result int (...)."""
    return np.asarray(logits.argmax(axis=-1))


def decodable_log_softmax(logits: Array) -> Array:
    """Return log probabilities (..., K) in float64, for a search that adds and compares them.

    Raises
    ------
    ValueError
        If a place holds NaN or inf, or nothing but -inf: there is no best symbol.
    """
    if not np.isfinite(logits.max(axis=-1)).all():
        raise ValueError(
            "logits must not hold NaN or inf, nor -inf for all symbols of a place: "
            "there is no best symbol"
        )
    return log_softmax(logits.astype(np.float64))


def best_indices(scores: Array, count: int) -> Array:
    """Return where the ``count`` highest of scores (M,) stand, best first; of equals the first.

    Scores of -inf are never among them, so there may be fewer.
    """
    least = np.partition(scores, -count)[-count] if count < len(scores) else -np.inf
    candidates = np.flatnonzero((scores >= least) & (scores > -np.inf))
    return candidates[np.argsort(-scores[candidates], kind="stable")[:count]]


def next_token_probabilities(
    logits: Array,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
) -> Array:
    """Return the distribution that `sample` draws from.

    Parameters
    ----------
    logits : array (..., K)
    temperature : float
        Logits are divided by it; below 1 the likely symbols gain, above 1 the unlikely ones.
    top_k : int or None
        Keep the k most likely symbols. Of symbols that are equally likely, the first are kept.
    top_p : float or None
        Keep the smallest set of most likely symbols that together have at least this probability.
        With both, ``top_k`` comes first.

    Returns
    -------
    probabilities : array (..., K)
        Zero for symbols that were not kept; the rest sum to 1.

    Raises
    ------
    ValueError
        If ``temperature`` is not above 0, ``top_k`` below 1, or ``top_p`` outside (0, 1].

    References
    ----------
    Top-k: A. Fan, M. Lewis, Y. Dauphin, "Hierarchical neural story generation", 2018. Nucleus:
    A. Holtzman et al., "The curious case of neural text degeneration", 2020.
    """
    if not temperature > 0:
        raise ValueError(f"temperature must be above 0, got {temperature}; for 0 use greedy")
    if top_k is not None and top_k < 1:
        raise ValueError(f"top_k must be at least 1, got {top_k}")
    if top_p is not None and not 0 < top_p <= 1:
        raise ValueError(f"top_p must lie in (0, 1], got {top_p}")
    probabilities = softmax(logits / temperature)
    if top_k is None and top_p is None:
        return probabilities
    order = np.argsort(-probabilities, axis=-1, kind="stable")
    ranked = np.take_along_axis(probabilities, order, axis=-1)
    if top_k is not None:
        ranked[..., top_k:] = 0
        ranked /= ranked.sum(axis=-1, keepdims=True)
    if top_p is not None:
        before = np.cumsum(ranked, axis=-1) - ranked
        ranked[before >= top_p] = 0
        ranked /= ranked.sum(axis=-1, keepdims=True)
    np.put_along_axis(probabilities, order, ranked, axis=-1)
    return probabilities


def sample(
    logits: Array,
    rng: np.random.Generator,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
) -> Array:
    """Draw a symbol at each place; parameters as `next_token_probabilities`.

    Parameters
    ----------
    logits : array (..., K)
    rng : numpy.random.Generator
        Takes one uniform number for each place.

    Returns
    -------
    ids : int array (...)

    Raises
    ------
    ValueError
        As `next_token_probabilities`, and if a logit is NaN.
    """
    probabilities = next_token_probabilities(logits, temperature, top_k, top_p)
    if np.isnan(probabilities).any():
        raise ValueError("logits must not hold NaN: there is nothing to draw from")
    cumulative = np.cumsum(probabilities, axis=-1, dtype=np.float64)
    threshold = rng.random((*logits.shape[:-1], 1)) * cumulative[..., -1:]
    return np.asarray((cumulative <= threshold).sum(axis=-1))
