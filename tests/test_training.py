"""The fit loop and the batches of a stream."""

import itertools

import numpy as np
import pytest

from rnncore.numpy import (
    SGD,
    Adam,
    EmbeddingParams,
    LinearParams,
    RNNParams,
    embedding_backward,
    embedding_forward,
    linear_backward,
    linear_forward,
    rnn_backward,
    rnn_forward,
    softmax_cross_entropy,
)
from rnncore.training import History, cosine_decay, fit, stream_batches

K, D, H = 3, 4, 7


def model(seed=0, dtype=np.float32):
    rng = np.random.default_rng(seed)
    return {
        "embedding": EmbeddingParams.init(rng, K, D, dtype=dtype),
        "cell": RNNParams.init(rng, D, H, dtype=dtype),
        "readout": LinearParams.init(rng, H, K, dtype=dtype),
    }


def loss_and_grads(params, batch, state):
    h0 = None if batch.starts else state
    x, embedding_cache = embedding_forward(batch.inputs, params["embedding"])
    h, cell_cache = rnn_forward(x, h0, params["cell"])
    logits, readout_cache = linear_forward(h, params["readout"])
    loss, dlogits = softmax_cross_entropy(logits, batch.targets)
    dh, dreadout = linear_backward(dlogits, readout_cache)
    dx, _, dcell = rnn_backward(dh, cell_cache)
    dembedding = embedding_backward(dx, embedding_cache)
    return loss, {"embedding": dembedding, "cell": dcell, "readout": dreadout}, h[-1]


def train(updates=200, seed=1, loss_and_grads=loss_and_grads, **settings):
    """On 0 0 1 0 0 2 0 0 1 …, four steps a batch: what follows 0 0 stands in the carried state."""
    ids = np.tile([0, 0, 1, 0, 0, 2], 100)
    batches = stream_batches(ids, 4, 5, np.random.default_rng(seed))
    settings = {"optimiser": Adam(2e-2), "max_norm": 1.0, **settings}
    return fit(loss_and_grads, model(), batches, updates=updates, **settings)


def quadratic(params, batch, state):
    """Half the squared distance from the batch; the state counts the calls."""
    count = 0 if state is None else state
    difference = params - batch
    return 0.5 * float(difference @ difference), difference, count + 1


class TestStream:
    def test_targets_are_the_inputs_one_place_further(self):
        ids = np.arange(100)
        for batch in itertools.islice(stream_batches(ids, 4, 3, np.random.default_rng(0)), 30):
            assert batch.inputs.shape == batch.targets.shape == (4, 3)
            np.testing.assert_array_equal(batch.targets, batch.inputs + 1)
            np.testing.assert_array_equal(np.diff(batch.inputs, axis=0), 1)

    def test_a_batch_goes_on_where_the_one_before_ended_unless_it_starts_anew(self):
        ids = np.arange(100)
        batches = list(itertools.islice(stream_batches(ids, 4, 3, np.random.default_rng(0)), 30))
        starts = [batch.starts for batch in batches]
        assert starts[0]
        assert 2 <= sum(starts) <= 6
        for before, after in itertools.pairwise(batches):
            joined = np.array_equal(after.inputs[0], before.targets[-1])
            assert joined is not after.starts

    def test_a_pass_reads_nearly_all_of_the_text_once(self):
        batches = stream_batches(np.arange(101), 4, 3, np.random.default_rng(0))
        first = [next(batches)]
        first += itertools.takewhile(lambda batch: not batch.starts, batches)
        read = np.concatenate([batch.inputs.ravel() for batch in first])
        assert len(read) == len(set(read.tolist())) >= 84

    def test_passes_begin_at_different_places_and_seeds_repeat_them(self):
        def beginnings(seed):
            batches = stream_batches(np.arange(60), 8, 2, np.random.default_rng(seed))
            return [int(b.inputs[0, 0]) for b in itertools.islice(batches, 60) if b.starts]

        assert beginnings(0) == beginnings(0) != beginnings(1)
        assert len(set(beginnings(0))) > 3
        assert max(beginnings(0)) < 8

    @pytest.mark.parametrize(
        ("steps", "rows", "message"),
        [(0, 1, "steps and rows"), (1, 0, "steps and rows"), (5, 3, r"at least .* = 20 symbols")],
    )
    def test_bad_sizes_are_refused_at_once(self, steps, rows, message):
        with pytest.raises(ValueError, match=message):
            stream_batches(np.arange(19), steps, rows, np.random.default_rng(0))


class TestFit:
    def test_loss_falls_to_what_the_state_makes_possible(self):
        _, history = train()
        assert history.train_loss[0] > 0.9
        assert np.median(history.train_loss[-20:]) < 0.02

    def test_without_carried_state_the_first_symbols_stay_unknown(self):
        def forgetful(params, batch, state):
            return loss_and_grads(params, batch._replace(starts=True), state)

        _, history = train(loss_and_grads=forgetful)
        assert np.median(history.train_loss[-20:]) > 0.2

    def test_the_same_seed_gives_the_same_result(self):
        first, first_history = train(updates=20)
        second, second_history = train(updates=20)
        np.testing.assert_array_equal(first_history.train_loss, second_history.train_loss)
        np.testing.assert_array_equal(first["cell"].weight_hh, second["cell"].weight_hh)
        _, other = train(updates=20, seed=2)
        assert not np.array_equal(first_history.train_loss, other.train_loss)

    def test_parameters_keep_their_type_and_the_given_ones_stay_as_they_were(self):
        start = model()
        before = start["cell"].weight_hh.copy()
        batches = stream_batches(np.tile([0, 1, 2], 50), 4, 3, np.random.default_rng(0))
        end, _ = fit(loss_and_grads, start, batches, Adam(0.1), 3, schedule=cosine_decay)
        np.testing.assert_array_equal(start["cell"].weight_hh, before)
        assert end["cell"].weight_hh.dtype == np.float32
        assert not np.array_equal(end["cell"].weight_hh, before)

    def test_the_gradient_is_clipped_and_its_norm_recorded_before(self):
        start, batch = np.array([3.0, 4.0]), np.zeros(2)
        end, history = fit(quadratic, start, [batch], SGD(1.0), 1, max_norm=0.5)
        np.testing.assert_allclose(end, start - start / 5 * 0.5, rtol=1e-5)
        np.testing.assert_allclose(history.gradient_norm, [5.0])
        free, _ = fit(quadratic, start, [batch], SGD(1.0), 1)
        np.testing.assert_allclose(free, 0)

    def test_the_schedule_scales_the_learning_rate(self):
        seen = []

        def halve(progress):
            seen.append(progress)
            return 0.5

        end, _ = fit(quadratic, np.array([8.0]), [np.zeros(1)] * 3, SGD(1.0), 3, schedule=halve)
        np.testing.assert_allclose(end, 1.0)
        np.testing.assert_allclose(seen, [0, 1 / 3, 2 / 3])

    def test_checkpoints_keep_parameters_and_held_out_loss(self):
        target = [np.zeros(1)] * 4
        end, history = fit(
            quadratic,
            np.array([1.0]),
            target,
            SGD(0.5),
            4,
            held_out=lambda params: params[0],
            checkpoints=(0, 1, 4),
        )
        assert history.held_out == {0: 1.0, 1: 0.5, 4: 0.0625}
        assert {u: p[0] for u, p in history.checkpoints.items()} == history.held_out
        np.testing.assert_array_equal(history.checkpoints[4], end)
        np.testing.assert_allclose(history.train_loss, [0.5, 0.125, 0.03125, 0.0078125])

    def test_the_state_is_handed_on_from_batch_to_batch(self):
        states = []

        def watched(params, batch, state):
            states.append(state)
            return quadratic(params, batch, state)

        fit(watched, np.ones(1), [np.zeros(1)] * 3, SGD(0.1), 3)
        assert states == [None, 1, 2]

    def test_seconds_grow_and_leave_out_held_out_measurements(self, monkeypatch):
        clock = itertools.count()
        monkeypatch.setattr("rnncore.training.time.perf_counter", lambda: float(next(clock)))

        def slow(params):
            return float(next(clock))

        _, history = fit(
            quadratic,
            np.ones(1),
            [np.zeros(1)] * 3,
            SGD(0.1),
            3,
            held_out=slow,
            checkpoints=range(4),
        )
        np.testing.assert_allclose(history.seconds, [1, 2, 3])

    @pytest.mark.parametrize("bad", [np.nan, np.inf])
    def test_a_loss_that_is_not_finite_stops_and_says_what_to_do(self, bad):
        with pytest.raises(FloatingPointError, match=r"update 2: .*lower the learning rate.*clip"):
            fit(quadratic, np.ones(1), [np.zeros(1), np.array([bad])], SGD(0.1), 2, max_norm=1.0)

    @pytest.mark.parametrize(
        ("settings", "message"),
        [
            ({"updates": 0}, "updates must be at least 1, got 0"),
            ({"max_norm": 0.0}, "max_norm must be above 0 or None, got 0.0"),
            ({"checkpoints": (0, 9)}, r"between 0 and 2, got \[9\]"),
            ({"held_out": float}, "held_out needs checkpoints"),
            ({"updates": 5}, "batches ran out after 2 of 5 updates"),
        ],
    )
    def test_bad_arguments_are_named(self, settings, message):
        arguments = {"optimiser": SGD(0.1), "updates": 2, **settings}
        with pytest.raises(ValueError, match=message):
            fit(quadratic, np.ones(1), [np.zeros(1)] * 2, **arguments)

    def test_progress_is_quiet_unless_asked_for(self, capsys):
        train(updates=2)
        assert capsys.readouterr().err == ""
        train(updates=2, progress=True)
        assert "updates: 100%" in capsys.readouterr().err

    @pytest.mark.parametrize(("ci", "shown"), [("", True), ("true", False)])
    def test_a_terminal_sees_progress_but_continuous_integration_does_not(
        self, ci, shown, capsys, monkeypatch
    ):
        monkeypatch.setenv("CI", ci)
        monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
        train(updates=2)
        assert ("updates" in capsys.readouterr().err) is shown


def test_cosine_decay_falls_from_one_to_zero():
    assert [cosine_decay(p) for p in (0, 0.5, 1)] == pytest.approx([1, 0.5, 0])
    assert type(cosine_decay(0.3)) is float


def test_a_level_is_reached_where_the_straight_line_over_log_updates_meets_it():
    nothing = np.empty(0)
    history = History(nothing, nothing, nothing, {0: 4.0, 10: 3.0, 100: 2.0, 200: 1.5}, {})
    assert history.reaches(2.5) == pytest.approx(10 * np.sqrt(10))
    assert history.reaches(2.0) == pytest.approx(100)
    assert history.reaches(1.0) is None
    assert history.reaches(3.5) is None


def test_a_history_draws_itself():
    _, history = train(updates=4, held_out=lambda params: 1.0, checkpoints=(2, 4))
    assert history.plot().axes
