"""Beam search: the most likely symbol sequences of a model that gives logits step by step."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from rnncore.numpy.decoding import best_indices, decodable_log_softmax
from rnncore.numpy.trees import map_arrays
from rnncore.numpy.validation import Array, check_array, check_float, check_ids, check_integer


class Hypothesis(NamedTuple):
    """A sequence that a beam search found."""

    ids: tuple[int, ...]
    """Its symbols, without the start and the end."""
    score: float
    """``log_probability`` over the length penalty."""
    log_probability: float
    """In nats, the end's included."""
    finished: bool
    """True if it ended, False if it was cut off at the longest length."""


def beam_search(
    step: Callable[[Array, Any], tuple[Array, Any]],
    state: Any,
    start: Array,
    end: int | None,
    width: int,
    max_length: int,
    length_penalty: float = 0.0,
) -> list[list[Hypothesis]]:
    """Search the best continuations of a batch of N sources.

    At each length the best ``width`` extensions of a source's hypotheses go on. Those that end
    leave the beam and are kept. A source is done when nothing in its beam can still overtake its
    best ``width`` finished hypotheses.

    Parameters
    ----------
    step : callable
        ``step(ids, state) -> logits, state``: the last symbols (B,) to the scores (B, K) of the
        next. B changes from call to call.
    state : tree of arrays as `map_arrays` takes it
        The states before ``start``. The first axis of every array is the batch, N here and B in
        ``step``, and its rows are reordered together with the hypotheses. So what a decoder
        attends to belongs in the state, batch first, and weights do not; the states of stacked
        layers are a tuple of arrays (N, H). None: no state.
    start : int array (N,)
        The first symbol that ``step`` sees for each source. A language model is first run over
        all but the last symbol of its prompt.
    end : int or None
        The symbol that ends a sequence; None if nothing does.
    width : int
        With 1 this is greedy decoding.
    max_length : int
        How many symbols a hypothesis has at most, the end included.
    length_penalty : float
        α >= 0 in score = log p / ((5 + length) / 6)^α, the end counted in the length. 0 compares
        log probabilities, which favours the short; 0.6 to 1 is usual in translation.

    Returns
    -------
    hypotheses : list of N lists of `Hypothesis`
        At most ``width`` for each source: the finished ones by score, then those cut off by score.

    Raises
    ------
    ValueError
        If an argument lies outside its range, an array of the state has another first axis, or
        the logits have another shape or hold NaN.

    References
    ----------
    I. Sutskever, O. Vinyals, Q. Le, "Sequence to sequence learning with neural networks", 2014,
    section 3.2. Length penalty: Y. Wu et al., "Google's neural machine translation system", 2016,
    equation 14. Stopping: L. Huang, K. Zhao, M. Ma, "When to finish?", 2017.
    """
    check_array("start", start, ("N",))
    check_ids("start", start, np.iinfo(np.intp).max)
    width = check_integer("width", width, 1)
    max_length = check_integer("max_length", max_length, 1)
    if not 0 <= length_penalty < np.inf:
        raise ValueError(f"length_penalty must be at least 0 and finite, got {length_penalty}")

    done: list[list[Hypothesis]] = [[] for _ in start]
    ids, source, log_p = start.astype(np.intp), np.arange(len(start)), np.zeros(len(start))
    histories: list[tuple[int, ...]] = [()] * len(start)
    state = _take_rows(state, source, len(start))
    for length in range(1, max_length + 1):
        logits, state = step(ids, state)
        K = check_float("logits", logits, (len(ids), "K")).shape[1]
        if end is not None:
            check_integer("end", end, 0, K - 1)
        extended = log_p[:, None] + decodable_log_softmax(logits)
        rows, symbols = _best_extensions(extended, source, width)
        log_p_next = extended[rows, symbols]

        ended = symbols == end if end is not None else np.zeros(len(rows), bool)
        scores = log_p_next / _penalty(length, length_penalty)
        for i in np.flatnonzero(ended):
            done[source[rows[i]]].append(
                Hypothesis(histories[rows[i]], float(scores[i]), float(log_p_next[i]), True)
            )
        done = [sorted(found, key=_rank)[:width] for found in done]

        # log p only falls and the penalty only grows: no hypothesis can score above this bound.
        bound = log_p_next / _penalty(max_length, length_penalty)
        beaten = [
            len(done[n]) == width and b <= done[n][-1].score
            for n, b in zip(source[rows], bound, strict=True)
        ]
        alive = ~ended & ~np.array(beaten)
        rows, ids, log_p, scores = rows[alive], symbols[alive], log_p_next[alive], scores[alive]
        histories = [(*histories[row], int(i)) for row, i in zip(rows, ids, strict=True)]
        source = source[rows]
        if len(rows) == 0:
            break
        state = _take_rows(state, rows, len(logits))

    for n, history, score, nats in zip(source, histories, scores, log_p, strict=True):
        done[n].append(Hypothesis(history, float(score), float(nats), False))
    return [sorted(found, key=_rank)[:width] for found in done]


def _rank(hypothesis: Hypothesis) -> tuple[bool, float]:
    return not hypothesis.finished, -hypothesis.score


def _best_extensions(extended: Array, source: Array, width: int) -> tuple[Array, Array]:
    """Return rows and symbols of the best ``width`` entries of each source in extended (B, K)."""
    rows, symbols = [], []
    for n in np.unique(source):
        own = np.flatnonzero(source == n)
        row, symbol = np.divmod(best_indices(extended[own].ravel(), width), extended.shape[1])
        rows.append(own[row])
        symbols.append(symbol)
    return np.concatenate(rows), np.concatenate(symbols)


def _penalty(length: int, alpha: float) -> float:
    return float(((5 + length) / 6) ** alpha)


def _take_rows(state: Any, rows: Array, batch: int) -> Any:
    """Return copies of the state's arrays with these rows of their first axis."""

    def take(array: Array) -> Array:
        if array.ndim == 0 or len(array) != batch:
            raise ValueError(
                f"every array of state must have the batch, {batch}, as its first axis, "
                f"got shape {array.shape}"
            )
        return np.asarray(array[rows])

    return map_arrays(take, state)
