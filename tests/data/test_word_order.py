"""Partners hold the same words, differ in their verdict, and hide it where they say they do."""

from collections import Counter

import numpy as np
import pytest

from rnncore.data.word_order import (
    BLAME,
    FORMS,
    NAMES,
    PRAISE,
    THINGS,
    VOCABULARY,
    WordOrderPairs,
    word_order_pairs,
)


def draw(seed: int = 3, **settings: object) -> WordOrderPairs:
    return word_order_pairs(np.random.default_rng(seed), 50, **settings)


def partners(notes: WordOrderPairs) -> list[tuple[list[str], list[str]]]:
    words = [sentence.split() for sentence in notes.sentences]
    return list(zip(words[::2], words[1::2], strict=True))


def ngrams(words: list[str], n: int) -> Counter:
    return Counter(zip(*(words[i:] for i in range(n)), strict=False))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("tail", [0, 1, 5])
def test_partners_hold_the_same_words_in_another_order_and_opposite_verdicts(form, tail):
    notes = draw(form=form, tail=tail)
    assert len(notes.sentences) == len(notes.labels) == 100
    assert notes.labels.dtype == np.int64
    assert (notes.labels[::2] == 1).all()
    assert (notes.labels[1::2] == 0).all()
    for one, other in partners(notes):
        assert one != other
        assert Counter(one) == Counter(other)


@pytest.mark.parametrize("form", FORMS)
def test_the_verdict_is_the_last_word_of_praise_or_blame(form):
    notes = draw(form=form, tail=2)
    for sentence, label in zip(notes.sentences, notes.labels, strict=True):
        judging = [word for word in sentence.split() if word in PRAISE + BLAME]
        assert len(judging) == 2
        assert (judging[-1] in PRAISE) == label
        assert (judging[0] in BLAME) == label


@pytest.mark.parametrize("tail", [0, 3])
def test_the_tail_is_that_many_names_and_equal_in_both_partners(tail):
    for one, other in partners(draw(tail=tail)):
        assert len(one) == 7 + tail
        assert one[7:] == other[7:]
        assert set(one[7:]) <= set(NAMES)
        assert one[6] != other[6]


def test_pairs_of_words_tell_negations_apart_but_not_stories():
    for one, other in partners(draw(form="negation", tail=2)):
        assert ngrams(one, 2) != ngrams(other, 2)
    for one, other in partners(draw(form="story", tail=2)):
        assert ngrams(one, 2) == ngrams(other, 2)
        assert ngrams(one, 3) == ngrams(other, 3)
        assert ngrams(one, 4) != ngrams(other, 4)


def test_every_word_stands_in_the_vocabulary_once_and_every_entry_is_drawn():
    sentences = [
        sentence
        for form in FORMS
        for sentence in word_order_pairs(np.random.default_rng(0), 200, form, 2).sentences
    ]
    assert set(" ".join(sentences).split()) == set(VOCABULARY)
    assert list(VOCABULARY) == sorted(set(VOCABULARY))
    groups = [*THINGS, *PRAISE, *BLAME, *NAMES]
    assert len(groups) == len(set(groups))


def test_the_generator_alone_decides():
    assert draw(seed=5).sentences == draw(seed=5).sentences
    assert draw(seed=5).sentences != draw(seed=6).sentences


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"pairs": 1, "form": "poem"}, "negation, story, got 'poem'"),
        ({"pairs": 0}, "at least 1 and tail at least 0, got 0 and 0"),
        ({"pairs": 1, "tail": -1}, "got 1 and -1"),
    ],
)
def test_what_cannot_be_drawn_is_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        word_order_pairs(np.random.default_rng(0), **settings)
