"""Edit distance and word error rate: by hand, as a metric, and by a plain recursion."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnncore.numpy import EditCounts, edit_counts, edit_distance, word_error_rate

WORDS = st.lists(st.sampled_from("abc"), max_size=8)


@pytest.mark.parametrize(
    ("reference", "hypothesis", "counts"),
    [
        ("kitten", "sitting", (2, 1, 0)),
        ("", "", (0, 0, 0)),
        ("", "abc", (0, 3, 0)),
        ("abc", "", (0, 0, 3)),
        ("abcd", "bcd", (0, 0, 1)),
        ("ab", "ba", (2, 0, 0)),
        ("intention", "execution", (5, 0, 0)),
        ("abcdef", "bcdefa", (0, 1, 1)),
    ],
)
def test_counts_by_hand(reference, hypothesis, counts):
    assert edit_counts(reference, hypothesis) == EditCounts(*counts)
    assert edit_distance(reference, hypothesis) == sum(counts)


def plain_counts(a, b):
    """Recursion over the last symbols; of equal distances the one with more substitutions."""

    @cache
    def best(i, j):
        if i == 0 or j == 0:
            return i + j, 0, j, i
        options = [tuple(np.add(best(i - 1, j), (1, 0, 0, 1)))]
        options.append(tuple(np.add(best(i, j - 1), (1, 0, 1, 0))))
        differ = int(a[i - 1] != b[j - 1])
        options.append(tuple(np.add(best(i - 1, j - 1), (differ, differ, 0, 0))))
        return min(options, key=lambda option: (option[0], -option[1]))

    return tuple(map(int, best(len(a), len(b))[1:]))


@settings(max_examples=150, deadline=None)
@given(WORDS, WORDS)
def test_counts_equal_a_plain_recursion(a, b):
    assert edit_counts(a, b) == plain_counts(a, b)


@settings(max_examples=100, deadline=None)
@given(WORDS, WORDS, WORDS)
def test_distance_is_a_metric(a, b, c):
    assert edit_distance(a, a) == 0
    assert (edit_distance(a, b) == 0) == (a == b)
    assert edit_distance(a, b) == edit_distance(b, a)
    assert edit_distance(a, c) <= edit_distance(a, b) + edit_distance(b, c)
    assert abs(len(a) - len(b)) <= edit_distance(a, b) <= max(len(a), len(b))


@settings(max_examples=60, deadline=None)
@given(WORDS, WORDS)
def test_the_other_way_round_insertions_are_deletions(a, b):
    substitutions, insertions, deletions = edit_counts(a, b)
    assert edit_counts(b, a) == (substitutions, deletions, insertions)
    assert insertions - deletions == len(b) - len(a)


def test_symbols_may_be_anything_hashable():
    assert edit_distance(["the", "cat"], ("the", "hat")) == 1
    assert edit_distance(np.array([3, 1, 2]), [3, 2]) == 1
    assert edit_distance([("a", 1), None], [("a", 1), None]) == 0
    assert type(edit_distance("a", "b")) is int


def test_long_sequences():
    rng = np.random.default_rng(0)
    a = rng.integers(0, 50, 2000)
    b = np.delete(a, np.arange(0, 2000, 100))
    assert edit_counts(a, b) == (0, 0, 20)


def test_word_error_rate_adds_edits_before_it_divides():
    references = [["a", "b", "c"], ["d"]]
    hypotheses = [["a", "x"], ["d", "e", "f"]]
    assert word_error_rate(references, hypotheses) == pytest.approx(4 / 4)
    assert word_error_rate(references, references) == 0
    assert word_error_rate(references, [[], []]) == 1
    assert word_error_rate([["a"], []], [["b", "c", "d"], ["e"]]) == 4
    assert word_error_rate([list("kitten")], [list("sitting")]) == pytest.approx(3 / 6)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=4))
def test_word_error_rate_equals_a_plain_sum(pairs):
    references, hypotheses = (list(side) for side in zip(*pairs, strict=True))
    words = sum(map(len, references))
    if words:
        edits = sum(sum(plain_counts(*pair)) for pair in pairs)
        assert word_error_rate(references, hypotheses) == pytest.approx(edits / words)


def wrong_calls():
    words = [["a", "b"]]
    return {
        "a number": (lambda: edit_distance(3, "a"), "reference must be a sequence .* got int"),
        "a set": (lambda: edit_distance("a", {"a"}), "hypothesis must be a sequence .* got set"),
        "lists of lists": (lambda: edit_distance([["a"]], "a"), "reference must hold hashable"),
        "a matrix": (lambda: edit_counts(np.eye(2), "a"), "reference must hold hashable .*ndarray"),
        "a string of words": (
            lambda: word_error_rate(words, ["a b"]),
            "hypotheses .* got a string",
        ),
        "a string for all": (lambda: word_error_rate("a b", words), "references .* split it"),
        "a sentence missing": (lambda: word_error_rate(words * 2, words), "references, 2, got 1"),
        "no words": (lambda: word_error_rate([[]], words), "at least one word"),
        "no sentences": (lambda: word_error_rate([], []), "at least one word"),
    }


@pytest.mark.parametrize("name", wrong_calls())
def test_a_wrong_call_names_the_argument(name):
    call, message = wrong_calls()[name]
    with pytest.raises(ValueError, match=message):
        call()
