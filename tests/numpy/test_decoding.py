"""Decoding by hand, and by counting what was drawn."""

import numpy as np
import pytest

from rnncore.numpy import bits_per_character, greedy, next_token_probabilities, perplexity, sample

P = np.array([0.5, 0.25, 0.15, 0.1])
LOGITS = np.log(P)


def test_temperature_one_is_the_softmax_and_others_sharpen_or_flatten():
    np.testing.assert_allclose(next_token_probabilities(LOGITS), P)
    np.testing.assert_allclose(
        next_token_probabilities(LOGITS, temperature=0.5), P**2 / (P**2).sum()
    )
    hot = next_token_probabilities(LOGITS, temperature=1e6)
    np.testing.assert_allclose(hot, 0.25, atol=1e-5)
    cold = next_token_probabilities(LOGITS, temperature=1e-3)
    np.testing.assert_allclose(cold, [1, 0, 0, 0], atol=1e-9)


def test_top_k_keeps_k_and_scales_them_up():
    np.testing.assert_allclose(next_token_probabilities(LOGITS, top_k=2), [2 / 3, 1 / 3, 0, 0])
    np.testing.assert_allclose(next_token_probabilities(LOGITS, top_k=9), P)
    np.testing.assert_allclose(next_token_probabilities(np.zeros(4), top_k=1), [1, 0, 0, 0])


@pytest.mark.parametrize(
    ("top_p", "kept"), [(0.2, 1), (0.5, 1), (0.51, 2), (0.75, 2), (0.8, 3), (1.0, 4)]
)
def test_nucleus_is_the_smallest_set_with_enough_probability(top_p, kept):
    expected = np.where(np.arange(4) < kept, P, 0)
    np.testing.assert_allclose(
        next_token_probabilities(LOGITS, top_p=top_p), expected / expected.sum()
    )


def test_top_k_comes_before_the_nucleus():
    np.testing.assert_allclose(next_token_probabilities(LOGITS, top_k=2, top_p=0.6), [1, 0, 0, 0])


def test_order_of_the_symbols_does_not_matter():
    order = np.array([2, 0, 3, 1])
    for settings in ({"top_k": 2}, {"top_p": 0.8}, {"temperature": 0.7}):
        np.testing.assert_allclose(
            next_token_probabilities(LOGITS[order], **settings),
            next_token_probabilities(LOGITS, **settings)[order],
        )


def test_each_place_is_decoded_on_its_own():
    logits = np.random.default_rng(0).normal(size=(3, 2, 5))
    together = next_token_probabilities(logits, 0.8, top_k=3, top_p=0.9)
    for place in np.ndindex(3, 2):
        np.testing.assert_allclose(
            together[place], next_token_probabilities(logits[place], 0.8, top_k=3, top_p=0.9)
        )
    np.testing.assert_array_equal(greedy(logits), logits.argmax(-1))


def test_draws_follow_the_distribution():
    rng = np.random.default_rng(1)
    ids = sample(np.broadcast_to(LOGITS, (40_000, 4)), rng)
    np.testing.assert_allclose(np.bincount(ids, minlength=4) / 40_000, P, atol=0.01)
    ids = sample(np.broadcast_to(LOGITS, (1000, 4)), rng, top_k=2)
    assert set(ids) == {0, 1}


def test_the_same_seed_draws_the_same():
    logits = np.random.default_rng(2).normal(size=(50, 9)).astype(np.float32)
    first, second = (sample(logits, np.random.default_rng(3)) for _ in range(2))
    np.testing.assert_array_equal(first, second)
    assert first.max() < 9


def test_an_impossible_symbol_is_never_drawn():
    logits = np.array([-np.inf, 0.0, -np.inf])

    class Edge:
        """Draws the lowest and the highest number that a generator can return."""

        def __init__(self, value):
            self.value = value

        def random(self, shape):
            return np.full(shape, self.value)

    for value in (0.0, np.nextafter(1, 0)):
        assert sample(logits, Edge(value)) == 1


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"temperature": 0}, "temperature must be above 0, got 0; for 0 use greedy"),
        ({"temperature": np.nan}, "temperature"),
        ({"top_k": 0}, "top_k must be at least 1, got 0"),
        ({"top_p": 0}, r"top_p must lie in \(0, 1\], got 0"),
        ({"top_p": 1.1}, "got 1.1"),
    ],
)
def test_settings_that_make_no_sense_are_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        next_token_probabilities(LOGITS, **settings)


def test_nothing_is_drawn_from_nan():
    with pytest.raises(ValueError, match="logits must not hold NaN"):
        sample(np.array([0.0, np.nan]), np.random.default_rng(0))


def test_a_uniform_guess_among_k_has_perplexity_k_and_log2_k_bits():
    assert perplexity(np.log(65)) == pytest.approx(65)
    assert bits_per_character(np.log(64)) == pytest.approx(6)
