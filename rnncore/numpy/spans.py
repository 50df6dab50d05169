"""Spans in B-I-O tags, and how many of them a tagger finds."""

from collections.abc import Sequence
from typing import NamedTuple


class SpanScores(NamedTuple):
    """Micro-averaged over all spans; 0 where there is nothing to divide by."""

    precision: float
    """Share of the predicted spans that are right."""
    recall: float
    """Share of the gold spans that were found."""
    f1: float
    """Harmonic mean of the two."""


def bio_spans(tags: Sequence[str]) -> list[tuple[int, int, str]]:
    """Return the spans of a sentence in order, each as (first, one past the last, kind).

    Parameters
    ----------
    tags : sequence of str
        ``O``, or ``B-KIND`` and ``I-KIND``; ``B`` and ``I`` are spans of the kind "".
        An ``I`` continues a span of its own kind that reaches the word before. Any other ``I``
        begins a span, as in the CoNLL evaluation: B-PER I-LOC is two spans, O I-LOC one.

    Raises
    ------
    ValueError
        If ``tags`` is a string or holds anything else.

    References
    ----------
    E. Tjong Kim Sang, F. De Meulder, "Introduction to the CoNLL-2003 shared task", 2003; the rule
    for a stray I is that of its script ``conlleval``.
    """
    if isinstance(tags, str):
        raise ValueError(f"tags must be a sequence of tags, got the string {tags!r}")
    spans: list[tuple[int, int, str]] = []
    previous: str | None = None  # the kind of the span that reaches the word before
    for i, tag in enumerate(tags):
        letter, dash, kind = tag.partition("-") if isinstance(tag, str) else ("", "", "")
        if tag != "O" and (letter not in ("B", "I") or (dash and not kind)):
            raise ValueError(f"tags must be O, B-KIND, I-KIND, B or I, got {tag!r} at index {i}")
        if letter == "I" and kind == previous:
            spans[-1] = (spans[-1][0], i + 1, kind)
        elif tag != "O":
            spans.append((i, i + 1, kind))
        previous = None if tag == "O" else kind
    return spans


def span_f1(gold: Sequence[Sequence[str]], predicted: Sequence[Sequence[str]]) -> SpanScores:
    """Compare predicted spans with the gold ones; a span counts only if all of it is right.

    Parameters
    ----------
    gold, predicted : sequences of as many sentences
        Each a sequence of tags as `bio_spans` takes it, of one length in both.

    Returns
    -------
    scores : SpanScores
        Over the spans of all sentences together.

    Raises
    ------
    ValueError
        As `bio_spans`, or if numbers of sentences or tags differ.

    References
    ----------
    As `bio_spans`.
    """
    if len(gold) != len(predicted):
        raise ValueError(
            f"predicted must hold as many sentences as gold, {len(gold)}, got {len(predicted)}"
        )
    right = of_gold = of_predicted = 0
    for i, (gold_tags, predicted_tags) in enumerate(zip(gold, predicted, strict=True)):
        gold_spans, predicted_spans = set(bio_spans(gold_tags)), set(bio_spans(predicted_tags))
        if len(gold_tags) != len(predicted_tags):
            raise ValueError(
                f"predicted must hold as many tags as gold, {len(gold_tags)} in sentence {i}, "
                f"got {len(predicted_tags)}"
            )
        right += len(gold_spans & predicted_spans)
        of_gold += len(gold_spans)
        of_predicted += len(predicted_spans)
    return SpanScores(
        precision=right / of_predicted if of_predicted else 0.0,
        recall=right / of_gold if of_gold else 0.0,
        f1=2 * right / (of_gold + of_predicted) if of_gold + of_predicted else 0.0,
    )
