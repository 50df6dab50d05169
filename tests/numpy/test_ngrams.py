"""N-grams: by hand, against dictionaries, and as probabilities."""

from collections import Counter

import numpy as np
import pytest

from rnncore.numpy import NGram

K = 5
SMOOTHERS = ("kneser-ney", "witten-bell")


@pytest.fixture
def rng():
    return np.random.default_rng(6)


def text(rng, length=400):
    """Symbols 0 to 3 that depend on the one before; 4 never occurs."""
    ids = [0]
    for _ in range(length - 1):
        ids.append(ids[-1] if rng.random() < 0.6 else int(rng.integers(4)))
    return np.array(ids)


def counted(ids, n, order, smoothing):
    """How often each string counts: below the highest order Kneser–Ney counts what precedes."""
    if smoothing == "kneser-ney" and n < order:
        longer = {tuple(ids[i : i + n + 1]) for i in range(len(ids) - n)}
        return Counter(string[1:] for string in longer)
    return Counter(tuple(ids[i : i + n]) for i in range(len(ids) - n + 1))


def discount(counts, count):
    n1, n2, n3, n4 = (sum(c == i for c in counts.values()) for i in (1, 2, 3, 4))
    if not (n1 and n2 and n3 and n4):
        return 0.5
    y = n1 / (n1 + 2 * n2)
    table = [1 - 2 * y * n2 / n1, 2 - 3 * y * n3 / n2, 3 - 4 * y * n4 / n3]
    return table[min(count, 3) - 1] if min(table) > 0 else 0.5


def slow_probability(ids, context, symbol, order, smoothing):
    """Chen and Goodman's recursion, one string at a time."""
    context = tuple(context)
    probability = 1 / K
    for n in range(1, min(order, len(context) + 1) + 1):
        counts = counted(ids, n, order, smoothing)
        own = context[len(context) - n + 1 :]
        followers = {s: c for s, c in counts.items() if s[:-1] == own}
        if not followers:
            continue
        total, count = sum(followers.values()), counts[(*own, symbol)]
        if smoothing == "witten-bell":
            kinds = len(followers)
            probability = (count + kinds * probability) / (total + kinds)
        else:
            kept = count - discount(counts, count) if count else 0
            share = sum(discount(counts, c) for c in followers.values())
            probability = (kept + share * probability) / total
    return probability


@pytest.mark.parametrize("smoothing", SMOOTHERS)
@pytest.mark.parametrize("order", [1, 2, 3, 4])
def test_it_equals_a_slow_dictionary(order, smoothing, rng):
    train, held_out = text(rng).tolist(), text(rng, 60)
    model = NGram.fit(np.array(train), K, order, smoothing)
    expected = [
        -np.log(slow_probability(train, held_out[max(0, t - order + 1) : t], s, order, smoothing))
        for t, s in enumerate(held_out.tolist())
    ]
    np.testing.assert_allclose(model.nats(held_out), expected, rtol=1e-12)


def test_the_discounts_of_the_slow_dictionary_are_not_all_one_half(rng):
    train = text(rng).tolist()
    assert discount(counted(train, 4, 4, "kneser-ney"), 1) != 0.5


@pytest.mark.parametrize("smoothing", SMOOTHERS)
@pytest.mark.parametrize("order", [1, 2, 3, 4])
def test_probabilities_sum_to_one_in_seen_and_unseen_contexts(order, smoothing, rng):
    model = NGram.fit(text(rng), K, order, smoothing)
    for length in range(order):
        contexts = rng.integers(K, size=(50, length))
        contexts[0] = 4
        probabilities = model.probabilities(contexts)
        assert probabilities.shape == (50, K)
        assert probabilities.min() > 0
        np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-12)


def test_probabilities_and_nats_agree(rng):
    model = NGram.fit(text(rng), K, 3)
    held_out = text(rng, 30)
    windows = np.lib.stride_tricks.sliding_window_view(held_out, 3)
    chosen = model.probabilities(windows[:, :2])[np.arange(28), windows[:, 2]]
    np.testing.assert_allclose(model.nats(held_out)[2:], -np.log(chosen))


def test_order_one_by_hand():
    ids = np.array([0, 0, 0, 1])
    witten_bell = NGram.fit(ids, 4, 1, "witten-bell").probabilities(np.empty((1, 0), int))[0]
    np.testing.assert_allclose(witten_bell, [3.5 / 6, 1.5 / 6, 0.5 / 6, 0.5 / 6])
    kneser_ney = NGram.fit(ids, 4, 1).probabilities(np.empty((1, 0), int))[0]
    np.testing.assert_allclose(kneser_ney, [2.75 / 4, 0.75 / 4, 0.25 / 4, 0.25 / 4])


def test_kneser_ney_knows_that_a_frequent_symbol_may_follow_only_one_other():
    """After 0 always 1: frequent, but of no use elsewhere ("San Francisco")."""
    ids = np.array([0, 1] * 20 + [2, 3, 4, 3, 2, 4, 3])
    contexts = np.array([[3]])
    kneser_ney, witten_bell = (
        NGram.fit(ids, K, 2, s).probabilities(contexts)[0] for s in SMOOTHERS
    )
    assert kneser_ney[1] < 0.5 * witten_bell[1]


def test_a_text_shorter_than_the_order_is_scored_by_lower_orders(rng):
    model = NGram.fit(text(rng), K, 4)
    np.testing.assert_allclose(model.nats(np.array([1, 2])), model.nats(np.array([1, 2, 3]))[:2])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"ids": np.array([0, 1, K])}, "ids must lie between 0 and 4, got 5"),
        ({"ids": np.array([0, -1, 1])}, "ids must lie between 0 and 4, got -1"),
        ({"ids": np.array([0.0, 1.0])}, "ids must be an integer array"),
        ({"ids": np.zeros((2, 3), int)}, r"ids must have shape \(M,\)"),
        ({"ids": np.array([0])}, "ids must hold at least 2 symbols, got 1"),
        ({"order": 0}, "order must be at least 1"),
        ({"order": 30}, "below 2\\*\\*63"),
        ({"smoothing": "laplace"}, "smoothing must be one of"),
    ],
)
def test_bad_arguments_of_fit_are_named(changes, message):
    arguments = {"ids": np.array([0, 1, 2]), "K": K, "order": 2, **changes}
    with pytest.raises(ValueError, match=message):
        NGram.fit(**arguments)


def test_unknown_ids_and_long_contexts_are_refused(rng):
    model = NGram.fit(text(rng), K, 3)
    with pytest.raises(ValueError, match="ids must lie between 0 and 4, got 7"):
        model.nats(np.array([0, 7]))
    with pytest.raises(ValueError, match="contexts must lie between 0 and 4"):
        model.probabilities(np.array([[0, 7]]))
    with pytest.raises(ValueError, match="at most 2 symbols, got 3"):
        model.probabilities(np.array([[0, 1, 2]]))
    with pytest.raises(ValueError, match=r"shape \(M, C\)"):
        model.probabilities(np.array([0, 1]))
