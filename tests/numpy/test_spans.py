"""Spans in tags: by hand, and by the state machine of the CoNLL evaluation script."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnncore.numpy import SpanScores, bio_spans, span_f1

TAG = st.sampled_from(["O", "B-PER", "I-PER", "B-LOC", "I-LOC", "B", "I"])
SENTENCES = st.lists(st.lists(st.tuples(TAG, TAG), max_size=9), max_size=4)


@pytest.mark.parametrize(
    ("tags", "spans"),
    [
        ("O O", []),
        ("B-PER I-PER O", [(0, 2, "PER")]),
        ("B-PER B-PER I-PER", [(0, 1, "PER"), (1, 3, "PER")]),
        ("O I-PER I-PER", [(1, 3, "PER")]),
        ("B-PER I-LOC", [(0, 1, "PER"), (1, 2, "LOC")]),
        ("I-LOC O I-LOC", [(0, 1, "LOC"), (2, 3, "LOC")]),
        ("B I I B", [(0, 3, ""), (3, 4, "")]),
        ("B I-PER", [(0, 1, ""), (1, 2, "PER")]),
        ("B-first-name I-first-name", [(0, 2, "first-name")]),
    ],
)
def test_spans_by_hand(tags, spans):
    assert bio_spans(tags.split()) == spans


def test_scores_by_hand():
    gold = [["B-PER", "I-PER", "O", "B-LOC"], ["O", "B-LOC", "O"]]
    predicted = [["B-PER", "I-PER", "O", "B-PER"], ["B-LOC", "I-LOC", "O"]]
    # Three gold, three predicted, one right: a wrong kind and a wrong boundary are wrong.
    assert span_f1(gold, predicted) == SpanScores(
        precision=pytest.approx(1 / 3), recall=pytest.approx(1 / 3), f1=pytest.approx(1 / 3)
    )
    fewer = [["B-PER", "I-PER", "O", "O"], ["O", "O", "O"]]
    scores = span_f1(gold, fewer)
    assert scores == (1, pytest.approx(1 / 3), pytest.approx(0.5))


def test_with_nothing_to_divide_by_scores_are_zero():
    nothing, one = [["O", "O"]], [["B", "O"]]
    assert span_f1(nothing, nothing) == span_f1([], []) == (0, 0, 0)
    assert span_f1(one, nothing) == span_f1(nothing, one) == (0, 0, 0)


def conlleval(gold, predicted):
    """Count spans as the script does: by what starts and what ends between two words."""

    def split(tag):
        return ("O", "") if tag == "O" else (tag[0], tag[2:])

    def starts(before, now):
        return now[0] == "B" or (now[0] == "I" and (before[0] == "O" or before[1] != now[1]))

    def ends(before, now):
        return before[0] != "O" and (now[0] in "BO" or before[1] != now[1])

    right = of_gold = of_predicted = 0
    for sentence in zip(gold, predicted, strict=True):
        last_gold = last_predicted = ("O", "")
        agree = False
        for g, p in [*zip(*sentence, strict=True), ("O", "O")]:
            g, p = split(g), split(p)
            gold_ends, predicted_ends = ends(last_gold, g), ends(last_predicted, p)
            if agree and (gold_ends or predicted_ends):
                right += gold_ends and predicted_ends
                agree = False
            gold_starts, predicted_starts = starts(last_gold, g), starts(last_predicted, p)
            if gold_starts and predicted_starts and g[1] == p[1]:
                agree = True
            of_gold += gold_starts
            of_predicted += predicted_starts
            last_gold, last_predicted = g, p
    precision = right / of_predicted if of_predicted else 0
    recall = right / of_gold if of_gold else 0
    f1 = 2 * precision * recall / (precision + recall) if right else 0
    return precision, recall, f1


@settings(max_examples=200, deadline=None)
@given(SENTENCES)
def test_scores_equal_the_conll_script(pairs):
    gold = [[g for g, _ in sentence] for sentence in pairs]
    predicted = [[p for _, p in sentence] for sentence in pairs]
    assert span_f1(gold, predicted) == pytest.approx(conlleval(gold, predicted))
    precision, recall, f1 = span_f1(gold, predicted)
    assert span_f1(predicted, gold) == pytest.approx((recall, precision, f1))


@settings(max_examples=60, deadline=None)
@given(st.lists(TAG, max_size=12))
def test_spans_are_in_order_and_cover_the_tagged_words(tags):
    spans = bio_spans(tags)
    covered = [i for first, stop, _ in spans for i in range(first, stop)]
    assert covered == [i for i, tag in enumerate(tags) if tag != "O"]
    assert span_f1([tags], [tags]).f1 == (1 if spans else 0)


def wrong_calls():
    sentence = ["B-PER", "O"]
    return {
        "one string": (lambda: bio_spans("O"), "tags must be a sequence of tags, got the string"),
        "a sentence as a string": (lambda: span_f1([sentence], ["BO"]), "got the string 'BO'"),
        "another scheme": (lambda: bio_spans(["O", "S-PER"]), "got 'S-PER' at index 1"),
        "no kind": (lambda: bio_spans(["B-"]), "tags must be O, .* got 'B-' at index 0"),
        "small letters": (lambda: bio_spans(["b-PER"]), "got 'b-PER'"),
        "O with a kind": (lambda: bio_spans(["O-PER"]), "got 'O-PER'"),
        "an empty tag": (lambda: bio_spans([""]), "got ''"),
        "numbers": (lambda: bio_spans([1, 0]), "got 1 at index 0"),
        "a sentence missing": (
            lambda: span_f1([sentence, sentence], [sentence]), "as many sentences as gold, 2, got 1"
        ),
        "a tag missing": (
            lambda: span_f1([sentence, sentence], [sentence, ["O"]]),
            "as many tags as gold, 2 in sentence 1, got 1",
        ),
    }  # fmt: skip


@pytest.mark.parametrize("name", wrong_calls())
def test_a_wrong_call_names_the_argument(name):
    call, message = wrong_calls()[name]
    with pytest.raises(ValueError, match=message):
        call()
