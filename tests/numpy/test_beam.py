"""Beam search against all sequences, greedy decoding, and a plain search written otherwise."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnncore.numpy import (
    Hypothesis,
    LinearParams,
    LSTMParams,
    RNNParams,
    beam_search,
    embedding_forward,
    greedy,
    linear_forward,
    log_softmax,
    lstm_step_forward,
    rnn_step_forward,
    softmax,
)
from rnncore.numpy.parameters import EmbeddingParams

END = 0
EVERYTHING = 10_000


def random_model(seed, K=3, H=4, scale=3.0):
    """A small language model of one recurrent cell, whose state is h (B, H)."""
    rng = np.random.default_rng(seed)
    table = EmbeddingParams(weight=scale * rng.normal(size=(K, 2)))
    cell, readout = RNNParams.init(rng, 2, H), LinearParams.init(rng, H, K)
    cell = cell.replace(weight_hh=scale * rng.normal(size=(H, H)) / np.sqrt(H))
    readout = readout.replace(weight=scale * readout.weight, bias=rng.normal(size=K))

    def step(ids, h):
        x, _ = embedding_forward(ids, table)
        h, _ = rnn_step_forward(x, h, cell)
        return linear_forward(h, readout)[0], h

    return step, rng.normal(size=(1, H))


def log_probability_of(step, state, start, ids):
    """Score one sequence alone, symbol by symbol."""
    total, last = 0.0, start
    for symbol in ids:
        logits, state = step(np.array([last]), state)
        total += log_softmax(logits)[0, symbol]
        last = symbol
    return total


def all_hypotheses(step, state, start, K, max_length, alpha):
    """Every sequence that ends in time, and every one that is cut off, best first."""
    found = []
    for length in range(1, max_length + 1):
        for ids in product(range(K), repeat=length):
            ended = ids[-1] == END
            if END in ids[:-1] or not (ended or length == max_length):
                continue
            nats = log_probability_of(step, state, start, ids)
            score = nats / ((5 + length) ** alpha / 6**alpha)
            found.append(Hypothesis(ids[:-1] if ended else ids, score, nats, ended))
    return sorted(found, key=lambda h: (not h.finished, -h.score))


def assert_same(found, expected):
    assert [(h.ids, h.finished) for h in found] == [(h.ids, h.finished) for h in expected]
    np.testing.assert_allclose([h.score for h in found], [h.score for h in expected])
    np.testing.assert_allclose(
        [h.log_probability for h in found], [h.log_probability for h in expected]
    )


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    max_length=st.integers(1, 4),
    alpha=st.sampled_from([0.0, 0.6, 1.0, 2.5]),
    start=st.integers(0, 2),
)
def test_the_full_beam_is_exhaustive_search(seed, max_length, alpha, start):
    step, h = random_model(seed)
    (found,) = beam_search(step, h, np.array([start]), END, EVERYTHING, max_length, alpha)
    assert_same(found, all_hypotheses(step, h, start, 3, max_length, alpha))


def test_full_probability_is_shared_out():
    step, h = random_model(0)
    (found,) = beam_search(step, h, np.array([1]), END, EVERYTHING, 5)
    assert sum(np.exp(hypothesis.log_probability) for hypothesis in found) == pytest.approx(1)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), alpha=st.sampled_from([0.0, 1.0]))
def test_width_one_is_greedy(seed, alpha):
    step, h0 = random_model(seed, K=5)
    h, ids, last = h0, [], 2
    while len(ids) < 8:
        logits, h = step(np.array([last]), h)
        last = int(greedy(logits)[0])
        ids.append(last)
        if last == END:
            break
    ((found,),) = beam_search(step, h0, np.array([2]), END, 1, 8, alpha)
    assert found.finished == (last == END)
    assert found.ids == tuple(ids[:-1] if found.finished else ids)


def plain_beam(step, state, start, width, max_length, alpha):
    """The same search for one source without stopping early, each hypothesis run from scratch."""
    live, done = [((), 0.0)], []
    for length in range(1, max_length + 1):
        extensions = []
        for ids, nats in live:
            h, last = state, start
            for symbol in ids:
                _, h = step(np.array([last]), h)
                last = symbol
            logits, _ = step(np.array([last]), h)
            extensions += [((*ids, k), nats + p) for k, p in enumerate(log_softmax(logits)[0])]
        best = sorted(extensions, key=lambda e: -e[1])[:width]
        penalty = ((5 + length) / 6) ** alpha
        done += [Hypothesis(i[:-1], p / penalty, p, True) for i, p in best if i[-1] == END]
        live = [e for e in best if e[0][-1] != END]
    done += [Hypothesis(ids, nats / penalty, nats, False) for ids, nats in live]
    return sorted(done, key=lambda h: (not h.finished, -h.score))[:width]


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    width=st.integers(1, 5),
    alpha=st.sampled_from([0.0, 0.7, 3.0]),
)
def test_a_narrow_beam_and_its_early_stop_lose_nothing(seed, width, alpha):
    step, h = random_model(seed, K=4)
    (found,) = beam_search(step, h, np.array([1]), END, width, 6, alpha)
    assert_same(found, plain_beam(step, h, 1, width, 6, alpha))


def table_model(rows):
    """A model without a state: the next symbol's distribution depends on the last one alone."""
    logits = np.log(np.array(rows))
    return lambda ids, state: (logits[ids], state)


def test_a_beam_finds_what_greedy_misses():
    # From 1 the symbol 2 looks best (.6), but what follows it is spread; 3 (.4) surely ends.
    tiny = 1e-9
    step = table_model(
        [
            [1, tiny, tiny, tiny],
            [tiny, tiny, 0.6, 0.4],
            [0.3, 0.25, 0.25, 0.2],
            [1, tiny, tiny, tiny],
        ]
    )
    ((first,),) = beam_search(step, None, np.array([1]), END, 1, 4)
    assert first.ids == (2,)
    assert np.exp(first.score) == pytest.approx(0.18, abs=1e-6)
    best, second = beam_search(step, None, np.array([1]), END, 2, 4)[0]
    assert (best.ids, second.ids) == ((3,), (2,))
    assert np.exp(best.score) == pytest.approx(0.4, abs=1e-6)


def test_a_finished_hypothesis_is_kept_when_longer_ones_look_better_for_a_while():
    # Ending at once has .29. Then two hypotheses of .343 fill the beam, and never end well.
    logits = np.log(np.array([[0.29, 0.01, 0.7], [0.02, 0.49, 0.49], [0.02, 0.49, 0.49]]))
    found = beam_search(
        lambda ids, steps: (logits[steps], steps + 1), np.array([0]), np.array([1]), END, 2, 3
    )[0]
    assert [(hypothesis.ids, hypothesis.finished) for hypothesis in found] == [
        ((), True), ((2, 1, 1), False)
    ]  # fmt: skip
    assert np.exp(found[0].score) == pytest.approx(0.29)


def test_length_penalty_lifts_the_longer():
    # () has .5, and (1, 1, 1) has .5 · 1 · 1 · .9: shorter wins by probability.
    logits = np.log(np.array([[0.5, 0.5], [1e-9, 1], [1e-9, 1], [0.9, 0.1]]))

    def step(ids, steps):
        return logits[steps], steps + 1

    def search(alpha):
        return beam_search(step, np.array([0]), np.array([1]), END, 2, 4, alpha)[0]

    assert [h.ids for h in search(0.0)][:2] == [(), (1, 1, 1)]
    best = search(1.0)[0]
    assert best.ids == (1, 1, 1)
    assert best.log_probability == pytest.approx(np.log(0.45), abs=1e-6)
    assert best.score == pytest.approx(np.log(0.45) / (9 / 6), abs=1e-6)


def test_without_an_end_all_are_cut_off_at_the_longest():
    step, h = random_model(3)
    (found,) = beam_search(step, h, np.array([1]), None, 4, 5)
    assert len(found) == 4
    assert all(len(hypothesis.ids) == 5 and not hypothesis.finished for hypothesis in found)


def test_a_search_stops_when_nothing_can_overtake():
    calls = []
    sure = table_model([[1, 1e-9, 1e-9], [0.9, 0.05, 0.05], [0.9, 0.05, 0.05]])

    def step(ids, state):
        calls.append(len(ids))
        return sure(ids, state)

    beam_search(step, None, np.array([1]), END, 2, 1000)
    assert len(calls) < 10


def lstm_model(seed, K=6, H=5, D=3):
    """A decoder whose state is a tree, (h, c) and a memory that each source attends to."""
    rng = np.random.default_rng(seed)
    table = EmbeddingParams(weight=rng.normal(size=(K, D)))
    cell, readout = LSTMParams.init(rng, D, H), LinearParams.init(rng, 2 * H, K)
    readout = readout.replace(weight=4 * readout.weight)

    def step(ids, state):
        (h, c), memory = state["cell"], state["memory"]
        assert len(ids) == len(h) == len(c) == len(memory)
        h, c, _ = lstm_step_forward(embedding_forward(ids, table)[0], h, c, cell)
        weights = softmax(np.einsum("bh,bsh->bs", h, memory))
        context = np.einsum("bs,bsh->bh", weights, memory)
        logits, _ = linear_forward(np.concatenate([h, context], axis=1), readout)
        return logits, {"cell": (h, c), "memory": memory, "nothing": None}

    def state_of(N):
        h, c = rng.normal(size=(N, H)), rng.normal(size=(N, H))
        return {"cell": (h, c), "memory": 2 * rng.normal(size=(N, 4, H)), "nothing": None}

    return step, state_of


@pytest.mark.parametrize("width", [1, 3, 7])
def test_sources_of_a_batch_are_searched_on_their_own(width):
    step, state_of = lstm_model(4)
    state, start = state_of(4), np.array([1, 2, 3, 1])
    together = beam_search(step, state, start, END, width, 7, 0.8)
    assert len({found[0].ids for found in together}) > 1
    for n, found in enumerate(together):
        (h, c), memory = state["cell"], state["memory"]
        own = slice(n, n + 1)
        alone = {"cell": (h[own], c[own]), "memory": memory[own], "nothing": None}
        assert_same(found, beam_search(step, alone, start[own], END, width, 7, 0.8)[0])
        for hypothesis in found:
            ids = (*hypothesis.ids, END) if hypothesis.finished else hypothesis.ids
            nats = log_probability_of(step, alone, start[n], ids)
            assert hypothesis.log_probability == pytest.approx(nats)


def test_nothing_given_is_changed_even_by_a_step_that_works_in_place():
    logits = np.random.default_rng(5).normal(size=(9, 4))

    def step(ids, counts):
        counts += 1
        return logits[counts], counts

    counts, start = np.array([0, 3]), np.array([1, 2])
    beam_search(step, counts, start, END, 3, 4)
    np.testing.assert_array_equal(counts, [0, 3])
    np.testing.assert_array_equal(start, [1, 2])


def test_equal_hypotheses_come_in_the_order_of_their_symbols():
    (found,) = beam_search(table_model(np.full((3, 3), 1 / 3)), None, np.array([0]), None, 4, 2)
    assert [hypothesis.ids for hypothesis in found] == [(0, 0), (0, 1), (0, 2), (1, 0)]


def test_what_cannot_be_is_no_hypothesis():
    rows = np.array([[0.0, 0.5, 0.5], [1.0, 0.0, 0.0], [1.0, 0.0, 0.0]])
    with np.errstate(divide="ignore"):
        step = table_model(rows)
    (found,) = beam_search(step, None, np.array([0]), END, EVERYTHING, 5)
    assert [hypothesis.ids for hypothesis in found] == [(1,), (2,)]


def test_float32_logits_and_ids_of_plain_ints():
    step, h = random_model(6)

    def single(ids, state):
        logits, state = step(ids, state)
        return logits.astype(np.float32), state

    (found,) = beam_search(single, h, np.array([1]), np.int64(END), 3, 5)
    (exact,) = beam_search(step, h, np.array([1]), END, 3, 5)
    assert [hypothesis.ids for hypothesis in found] == [hypothesis.ids for hypothesis in exact]
    assert all(type(i) is int for hypothesis in found for i in hypothesis.ids)
    assert type(found[0].score) is type(found[0].log_probability) is float


def wrong_calls():
    fair = table_model(np.full((3, 3), 1 / 3))
    good = {
        "step": fair, "state": None, "start": np.array([1, 2]), "end": END, "width": 2,
        "max_length": 3,
    }  # fmt: skip

    def returns(logits):
        return {"step": lambda ids, state: (logits, state)}

    def grows(ids, h):
        return fair(ids, None)[0], np.concatenate([h, h])

    nan = np.zeros((2, 3))
    nan[1, 2] = np.nan
    changes = {
        "no width": ({"width": 0}, "width must be at least 1, got 0"),
        "a width of 2.5": ({"width": 2.5}, "width must be an integer, got float"),
        "no length": ({"max_length": 0}, "max_length must be at least 1"),
        "a penalty below 0": ({"length_penalty": -0.1}, "length_penalty must be .* got -0.1"),
        "a penalty of NaN": ({"length_penalty": np.nan}, "length_penalty .* got nan"),
        "an endless penalty": ({"length_penalty": np.inf}, "finite, got inf"),
        "one start": ({"start": 1}, r"start must be a NumPy array of shape \(N,\)"),
        "no source": ({"start": np.zeros(0, int)}, "start .* at least one entry"),
        "a float start": ({"start": np.ones(2)}, "start must be an integer array"),
        "a negative start": ({"start": np.array([1, -1])}, r"start .* got -1 at index \(1,\)"),
        "an end of K": ({"end": 3}, "end must lie between 0 and 2, got 3"),
        "a negative end": ({"end": -1}, "end must lie between 0 and 2, got -1"),
        "a state of another batch": (
            {"state": (np.zeros((2, 4)), np.zeros((3, 4)))},
            r"state must have the batch, 2, as its first axis, got shape \(3, 4\)",
        ),
        "a state without a batch": ({"state": np.array(0.0)}, r"batch, 2, .* got shape \(\)"),
        "a state that is no tree": ({"state": "h"}, "got str"),
        "a state that grows": (
            {"step": grows, "state": np.zeros((2, 4))}, r"the batch, 2, .* got shape \(4, 4\)"
        ),
        "NaN": (returns(nan), "logits must not hold NaN"),
        "inf": (returns(np.full((2, 3), np.inf)), "logits must not hold NaN or inf"),
        "logits of no symbol": (returns(np.full((2, 3), -np.inf)), "-inf for all symbols"),
        "logits over time": (returns(np.zeros((2, 1, 3))), r"logits must have shape \(2, K\)"),
        "logits of another batch": (returns(np.zeros((1, 3))), r"logits must have shape \(2, K\)"),
        "integer logits": (returns(np.zeros((2, 3), int)), "logits must be float32"),
    }  # fmt: skip
    return {name: (good | change, message) for name, (change, message) in changes.items()}


@pytest.mark.parametrize("name", wrong_calls())
def test_a_wrong_call_names_the_argument(name):
    arguments, message = wrong_calls()[name]
    with pytest.raises(ValueError, match=message):
        beam_search(**arguments)
