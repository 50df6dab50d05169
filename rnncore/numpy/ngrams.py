"""Smoothed n-grams over integer symbols: the counting baseline of every language model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from rnncore.numpy.validation import Array, check_array, check_ids

SMOOTHERS = ("kneser-ney", "witten-bell")


@dataclass(frozen=True, eq=False)
class NGram:
    """Probabilities of the next of K symbols, given the last ``order - 1``; equation eq-ngram.

    Each order hands a share of its probability down to the next lower one, and the lowest shares
    with 1/K, so that nothing has probability zero. Make one with `NGram.fit`.

    Parameters
    ----------
    K : int
        Number of symbols.
    levels : tuple
        One for each order from 1 up: what was counted, as probabilities and shares.

    References
    ----------
    R. Kneser and H. Ney, "Improved backing-off for m-gram language modeling", 1995, in the
    interpolated form with three discounts of S. F. Chen and J. Goodman, "An empirical study of
    smoothing techniques for language modeling", 1999, section 3. I. H. Witten and T. C. Bell, "The
    zero-frequency problem", 1991, method C.
    """

    K: int
    levels: tuple[_Level, ...]

    @property
    def order(self) -> int:
        """N, the length of the longest counted strings."""
        return len(self.levels)

    @classmethod
    def fit(cls, ids: Array, K: int, order: int, smoothing: str = "kneser-ney") -> Self:
        """Count all strings of up to ``order`` symbols.

        Parameters
        ----------
        ids : int array (M,)
            One text of at least ``order`` symbols, each from 0 to K - 1.
        K, order : int
            At least 1, with K**order below 2**63: a string is kept as one integer.
        smoothing : "kneser-ney" or "witten-bell"
            Kneser–Ney takes a discount from every count, and below the highest order counts in how
            many contexts a string occurs instead of how often. Witten–Bell shares by the number of
            kinds of symbol that were seen in a context.

        Raises
        ------
        ValueError
            If ids, K, order or smoothing are not as above.
        """
        if K < 1 or order < 1:
            raise ValueError(f"K and order must be at least 1, got {K} and {order}")
        if K**order >= 2**63:
            raise ValueError(f"K**order must be below 2**63, got {K}**{order}; lower the order")
        if smoothing not in SMOOTHERS:
            raise ValueError(f"smoothing must be one of {SMOOTHERS}, got {smoothing!r}")
        check_ids("ids", check_array("ids", ids, ("M",)), K)
        if len(ids) < order:
            raise ValueError(f"ids must hold at least {order} symbols, got {len(ids)}")
        levels = []
        for n in range(1, order + 1):
            if smoothing == "kneser-ney" and n < order:
                strings = np.unique(_codes(ids, n + 1, K)) % K**n
            else:
                strings = _codes(ids, n, K)
            codes, counts = np.unique(strings, return_counts=True)
            levels.append(_LEVELS[smoothing](codes, counts, K))
        return cls(K, tuple(levels))

    def probabilities(self, contexts: Array) -> Array:
        """Return the distribution of the next symbol after each context.

        Parameters
        ----------
        contexts : int array (M, C)
            The last C symbols, the latest one last; C from 0 to order - 1. A context shorter than
            order - 1 is what stands at the beginning of a text.

        Returns
        -------
        probabilities : float64 array (M, K)

        Raises
        ------
        ValueError
            If contexts are no integers from 0 to K - 1, or are too long.
        """
        if not isinstance(contexts, np.ndarray) or contexts.ndim != 2:
            came = getattr(contexts, "shape", type(contexts).__name__)
            raise ValueError(f"contexts must be an array of shape (M, C), got {came}")
        length = contexts.shape[1]
        if length >= self.order:
            raise ValueError(f"contexts must hold at most {self.order - 1} symbols, got {length}")
        if length:
            check_ids("contexts", contexts, self.K)
        probability = np.full((len(contexts), self.K), 1 / self.K)
        for n, level in enumerate(self.levels[: length + 1], start=1):
            context = contexts[:, length - n + 1 :] @ _place_values(n - 1, self.K)
            codes = context[:, None] * self.K + np.arange(self.K)
            probability = level.interpolate(codes, self.K, probability)
        return probability

    def nats(self, ids: Array) -> Array:
        """Return -ln p of each symbol of a text given those before it.

        Parameters
        ----------
        ids : int array (M,)
            The first order - 1 symbols have less than a full context.

        Returns
        -------
        float64 array (M,)

        Raises
        ------
        ValueError
            If ids are no integers from 0 to K - 1.
        """
        check_ids("ids", check_array("ids", ids, ("M",)), self.K)
        probability = np.full(len(ids), 1 / self.K)
        for n, level in enumerate(self.levels[: len(ids)], start=1):
            lower = probability[n - 1 :]
            probability[n - 1 :] = level.interpolate(_codes(ids, n, self.K), self.K, lower)
        return np.asarray(-np.log(probability))


@dataclass(frozen=True, eq=False)
class _Level:
    """One order: the probability that a string keeps, and what its context hands down."""

    codes: Array
    kept: Array
    contexts: Array
    handed_down: Array

    def interpolate(self, codes: Array, K: int, lower: Array) -> Array:
        """Mix this order's share for each string with the lower order's probability."""
        kept = _look_up(self.codes, self.kept, codes, 0.0)
        share = _look_up(self.contexts, self.handed_down, codes // K, 1.0)
        return np.asarray(kept + share * lower)


def _kneser_ney(codes: Array, counts: Array, K: int) -> _Level:
    contexts, first = np.unique(codes // K, return_index=True)
    discounts = _discounts(counts)[np.minimum(counts, 3)]
    totals = np.add.reduceat(counts, first)
    sizes = np.diff(np.append(first, len(codes)))
    kept = (counts - discounts) / np.repeat(totals, sizes)
    handed_down = np.add.reduceat(discounts, first) / totals
    return _Level(codes, kept, contexts, handed_down)


def _witten_bell(codes: Array, counts: Array, K: int) -> _Level:
    contexts, first = np.unique(codes // K, return_index=True)
    kinds = np.diff(np.append(first, len(codes)))
    totals = np.add.reduceat(counts, first) + kinds
    return _Level(codes, counts / np.repeat(totals, kinds), contexts, kinds / totals)


_LEVELS: Any = dict(zip(SMOOTHERS, (_kneser_ney, _witten_bell), strict=True))


def _discounts(counts: Array) -> Array:
    """Discounts of the counts 1, 2 and 3 or more, by how many strings have the counts 1 to 4.

    Where that gives nothing between 0 and the count (too few strings), one half for all.
    """
    strings = np.bincount(np.minimum(counts, 5), minlength=5)[1:5].astype(float)
    if strings.all():
        y = strings[0] / (strings[0] + 2 * strings[1])
        discounts = np.array([i - (i + 1) * y * strings[i] / strings[i - 1] for i in (1, 2, 3)])
        if (discounts > 0).all():
            return np.concatenate([[0.0], discounts])
    return np.array([0.0, 0.5, 0.5, 0.5])


def _codes(ids: Array, n: int, K: int) -> Array:
    """Write each string of n symbols as one integer in base K."""
    strings = np.lib.stride_tricks.sliding_window_view(ids, n)
    return np.asarray(strings @ _place_values(n, K))


def _place_values(n: int, K: int) -> Array:
    return np.array([K**i for i in reversed(range(n))], dtype=np.int64)


def _look_up(keys: Array, values: Array, queries: Array, missing: float) -> Array:
    """Return the value of each query among sorted keys, or ``missing``."""
    place = np.minimum(np.searchsorted(keys, queries), len(keys) - 1)
    return np.where(keys[place] == queries, values[place], missing)
