"""Edit distance between two sequences, and the word error rate of many."""

from collections.abc import Hashable, Sequence
from typing import NamedTuple

import numpy as np

from rnncore.numpy.validation import Array


class EditCounts(NamedTuple):
    """What turns a reference into a hypothesis."""

    substitutions: int
    insertions: int
    deletions: int


def edit_counts(
    reference: Sequence[Hashable] | Array, hypothesis: Sequence[Hashable] | Array
) -> EditCounts:
    """Count the edits of a shortest way from ``reference`` to ``hypothesis``.

    Where several ways are equally short, it is one with the most substitutions, so that the
    counts are unique.

    Parameters
    ----------
    reference, hypothesis : str, sequence of hashable symbols, or array (M,)
        Either may be empty.

    Returns
    -------
    counts : EditCounts
        An insertion is a symbol of the hypothesis alone, a deletion one of the reference alone.

    Raises
    ------
    ValueError
        If one is no sequence, or holds a symbol that is not hashable.

    References
    ----------
    R. Wagner, M. Fischer, "The string-to-string correction problem", 1974.
    """
    codes: dict[Hashable, int] = {}
    a = _encode("reference", reference, codes)
    b = _encode("hypothesis", hypothesis, codes)
    # A substitution costs `unit`, the others one more: the sum holds the distance and, too small
    # ever to weigh against an edit, the number of insertions and deletions.
    unit = len(a) + len(b) + 1
    inserted = (unit + 1) * np.arange(len(b) + 1)
    cost = inserted
    for symbol in a:
        from_above = cost + unit + 1
        from_above[1:] = np.minimum(from_above[1:], cost[:-1] + unit * (b != symbol))
        # Insertions run along the row: cost[j] = min over i <= j of from_above[i] + j - i of them.
        cost = np.minimum.accumulate(from_above - inserted) + inserted
    distance, not_substituted = divmod(int(cost[-1]), unit)
    insertions = (not_substituted + len(b) - len(a)) // 2
    return EditCounts(distance - not_substituted, insertions, not_substituted - insertions)


def edit_distance(
    reference: Sequence[Hashable] | Array, hypothesis: Sequence[Hashable] | Array
) -> int:
    """Return the least number of substitutions, insertions and deletions between two sequences.

    Parameters, errors and reference as `edit_counts`.
    """
    return sum(edit_counts(reference, hypothesis))


def word_error_rate(
    references: Sequence[Sequence[Hashable]], hypotheses: Sequence[Sequence[Hashable]]
) -> float:
    """Return the edits of all sentences over the words of all references; it may exceed 1.

    Parameters
    ----------
    references, hypotheses : sequences of as many sentences
        A sentence is a sequence of words. A list of characters gives the character error rate.

    Returns
    -------
    rate : float

    Raises
    ------
    ValueError
        If there are not as many hypotheses as references, a sentence is a string, or the
        references hold no word.
    """
    for name, sentences in (("references", references), ("hypotheses", hypotheses)):
        if isinstance(sentences, str) or any(isinstance(words, str) for words in sentences):
            raise ValueError(
                f"{name} must hold sequences of words, got a string; split it into words, "
                "or use list(...) for the character error rate"
            )
    if len(references) != len(hypotheses):
        raise ValueError(
            f"hypotheses must be as many as references, {len(references)}, got {len(hypotheses)}"
        )
    words = sum(len(reference) for reference in references)
    if words == 0:
        raise ValueError("references must hold at least one word, got none")
    edits = sum(map(edit_distance, references, hypotheses))
    return edits / words


def _encode(name: str, symbols: Sequence[Hashable] | Array, codes: dict[Hashable, int]) -> Array:
    """Number the symbols, equal ones alike; new symbols are added to ``codes``."""
    if not isinstance(symbols, Sequence | np.ndarray):
        raise ValueError(f"{name} must be a sequence of symbols, got {type(symbols).__name__}")
    try:
        return np.array([codes.setdefault(s, len(codes)) for s in symbols], dtype=np.int64)
    except TypeError as error:
        raise ValueError(f"{name} must hold hashable symbols, got an {error}") from error
