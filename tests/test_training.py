"""The fit loops, and the batches of a stream and of padded sequences."""

import itertools

import numpy as np
import pytest
import torch

from rnncore import torch as modules
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
from rnncore.training import (
    History,
    cosine_decay,
    fit,
    fit_torch,
    pad,
    padded_batches,
    stream_batches,
)

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
        monkeypatch.setattr("rnncore.training_loop.time.perf_counter", lambda: float(next(clock)))

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
            ({"patience": 0}, "patience must be at least 1 or None, got 0"),
            ({"patience": 2}, "patience needs held_out"),
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


def measured(losses, patience, updates=None, **settings):
    """Fit where the held-out loss after u updates is losses[u], and what params are then is u."""
    updates = len(losses) - 1 if updates is None else updates
    return fit(
        lambda params, batch, state: (1.0, np.array([-1.0]), None),
        np.zeros(1),
        itertools.repeat(None),
        SGD(1.0),
        updates,
        held_out=lambda params: losses[round(params[0])],
        **{"checkpoints": range(updates + 1), "patience": patience, **settings},
    )


class TestEarlyStopping:
    @pytest.mark.parametrize(
        ("losses", "patience", "best", "stopped"),
        [
            ([5, 4, 3, 4, 4, 2, 1], 2, 2, 4),
            ([5, 4, 3, 4, 4, 2, 3, 3, 3, 0], 3, 5, 8),
            ([5, 4, 3, 3, 3, 3, 3], 3, 2, 5),
            ([1, 2, 3, 4], 1, 0, 1),
            ([5, 4, 3, 2], 1, 3, 3),
            ([5, 1, 3, 2], 4, 1, 3),
            ([np.inf, 7, 8, 9], 2, 1, 3),
        ],
    )
    def test_it_waits_for_patience_and_returns_the_best_parameters(
        self, losses, patience, best, stopped
    ):
        params, history = measured(losses, patience)
        assert params[0] == best == history.best
        assert len(history.train_loss) == len(history.gradient_norm) == stopped
        assert history.seconds.shape == (stopped,)
        assert history.held_out == dict(enumerate(losses[: stopped + 1]))
        assert {u: p[0] for u, p in history.checkpoints.items()} == {
            u: u for u in range(stopped + 1)
        }

    def test_patience_counts_measurements_not_updates(self):
        params, history = measured([9, 8, 7, 6, 8, 1, 8, 1, 8, 1], 2, checkpoints=(0, 3, 6, 8, 9))
        assert params[0] == 3
        assert list(history.held_out) == [0, 3, 6, 8]

    def test_without_patience_the_last_parameters_come_back(self):
        params, history = measured([5, 1, 3, 2], None)
        assert params[0] == 3
        assert history.best == 1

    def test_no_batch_is_read_after_the_stop(self):
        read = []

        def batches():
            for n in itertools.count():
                read.append(n)
                yield n

        fit(
            quadratic_of_nothing,
            np.zeros(1),
            batches(),
            SGD(0.0),
            9,
            held_out=lambda params: 1.0,
            checkpoints=range(9),
            patience=2,
        )
        assert read == [0, 1]

    def test_a_held_out_loss_that_is_nan_is_not_compared(self):
        with pytest.raises(FloatingPointError, match=r"after 1 updates is nan: patience"):
            measured([1.0, np.nan, 0.5], 2)

    @pytest.mark.parametrize("held_out", [{}, {0: 1.0, 5: np.nan}])
    def test_there_is_no_best_without_losses_that_are_numbers(self, held_out):
        nothing = np.empty(0)
        with pytest.raises(ValueError, match="best needs held-out losses that are numbers"):
            History(nothing, nothing, nothing, held_out, {}).best  # noqa: B018


def quadratic_of_nothing(params, batch, state):
    return 0.0, np.zeros(1), None


class TestPadding:
    def test_sequences_stand_side_by_side_with_zeros_after_them(self):
        x, mask = pad([np.array([1, 2, 3]), np.array([4]), np.array([5, 6])])
        np.testing.assert_array_equal(x, [[1, 4, 5], [2, 0, 6], [3, 0, 0]])
        np.testing.assert_array_equal(mask, x != 0)
        assert x.dtype.kind == "i"
        assert mask.dtype == bool
        x, mask = pad([np.ones((2, 4), np.float32), np.ones((5, 4), np.float32)])
        assert x.shape == (5, 2, 4)
        assert x.dtype == np.float32
        np.testing.assert_array_equal(x.any(axis=2), mask)
        assert mask.sum() == 7

    DATA = tuple(np.full(size, n + 1) for n, size in enumerate((5, 1, 3, 7, 2, 6, 4, 7, 1, 3, 2)))

    def batches(self, targets=None, rows=3, seed=0, bucket=1, passes=1):
        targets = [10 * (n + 1) for n in range(11)] if targets is None else targets
        source = padded_batches(self.DATA, targets, rows, np.random.default_rng(seed), bucket)
        return list(itertools.islice(source, passes * -(-11 // rows)))

    @pytest.mark.parametrize("bucket", [1, 2, 4])
    def test_a_pass_reads_every_sequence_once_with_its_own_target(self, bucket):
        for batches in (self.batches(bucket=bucket), self.batches(bucket=bucket, passes=2)[4:]):
            seen = [int(i) for batch in batches for i in batch.x[0]]
            assert sorted(seen) == list(range(1, 12))
            assert sorted(batch.x.shape[1] for batch in batches) == [2, 3, 3, 3]
            for batch in batches:
                assert batch.target_mask is None
                np.testing.assert_array_equal(batch.targets, 10 * batch.x[0])
                lengths = [len(self.DATA[n - 1]) for n in batch.x[0]]
                np.testing.assert_array_equal(batch.mask.sum(axis=0), lengths)
                assert len(batch.x) == max(lengths)
                np.testing.assert_array_equal(
                    batch.x, np.where(batch.mask, batch.x[0], 0), strict=True
                )

    def test_targets_that_are_sequences_are_padded_by_their_own_lengths(self):
        targets = [-np.arange(1, 2 + n % 4) * (n + 1) for n in range(11)]
        for batch in self.batches(targets):
            for n, column, real in zip(
                batch.x[0], batch.targets.T, batch.target_mask.T, strict=True
            ):
                np.testing.assert_array_equal(column[real], targets[n - 1])
                assert not column[~real].any()

    def test_passes_differ_and_seeds_repeat_them(self):
        def order(seed):
            return [int(i) for b in self.batches(seed=seed, passes=2) for i in b.x[0]]

        assert order(0) == order(0) != order(1)
        assert order(0)[:11] != order(0)[11:]

    def test_buckets_leave_less_padding_and_batches_in_random_order(self):
        def padding(bucket):
            return sum(
                (~b.mask).sum() for s in range(20) for b in self.batches(bucket=bucket, seed=s)
            )

        assert padding(4) < 0.5 * padding(1)
        first = {len(self.batches(bucket=4, seed=seed)[0].x) for seed in range(20)}
        assert len(first) >= 3

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"rows": 0}, "rows and bucket must be at least 1, got 0 and 1"),
            ({"bucket": 0}, "rows and bucket must be at least 1, got 3 and 0"),
            ({"targets": [1]}, "targets must be 2, one a sequence, got 1"),
            ({"sequences": [], "targets": []}, r"sequences must be one or more arrays .* got none"),
            ({"sequences": [np.ones(2), np.ones(2, int)]}, "got float64 .* and int64"),
            ({"sequences": [np.ones((2, 1)), np.ones((2, 3))]}, r"float64 \(T, 1\) and .* 3\)"),
            ({"sequences": [np.float64(1), np.float64(2)]}, r"arrays \(T,\) or \(T, D\)"),
            (
                {"sequences": [np.ones(2), np.ones(0)]},
                "sequences must each have .* number 1",
            ),
            ({"targets": [np.ones(0), np.ones(1)]}, "targets must each have .* number 0"),
            ({"targets": [np.ones(1), np.ones(1, int)]}, "targets must be one or more arrays"),
        ],
    )
    def test_bad_arguments_are_named_at_once(self, change, message):
        arguments = {"sequences": [np.ones(2), np.ones(3)], "targets": [0, 1], "rows": 3, **change}
        with pytest.raises(ValueError, match=message):
            padded_batches(rng=np.random.default_rng(0), **arguments)

    @pytest.mark.parametrize(
        ("sequences", "message"),
        [
            ([], "one or more arrays"),
            ([np.ones((1, 2, 3))], "got float64"),
            ([np.ones(0), np.ones(0)], "must hold at least one step, got empty ones alone"),
        ],
    )
    def test_what_cannot_be_padded_is_refused(self, sequences, message):
        with pytest.raises(ValueError, match=message):
            pad(sequences)


def language_model_loss(model, batch, state):
    inputs, targets = torch.from_numpy(batch.inputs), torch.from_numpy(batch.targets)
    return model.loss(inputs, targets, None if batch.starts else state)


def train_torch(updates=200, seed=0, layers=1, dropout=0.0, loss=language_model_loss, **settings):
    """On the text of `train`, where what follows 0 0 stands in the carried state."""
    ids = np.tile([0, 0, 1, 0, 0, 2], 100)
    batches = stream_batches(ids, 4, 5, np.random.default_rng(1))
    torch.manual_seed(0)
    net = modules.LanguageModel(K, D, 16, cell=modules.RNN, num_layers=layers, dropout=dropout)
    optimiser = torch.optim.Adam(net.parameters(), 2e-2)
    settings = {"max_norm": 1.0, **settings}
    return net, fit_torch(net, loss, batches, optimiser, updates, seed=seed, **settings)


class Point(torch.nn.Module):
    """A module that is one point."""

    def __init__(self, *coordinates):
        super().__init__()
        self.at = torch.nn.Parameter(torch.tensor(coordinates, dtype=torch.float64))


def half_square(module, batch, state):
    return 0.5 * (module.at - batch).square().sum(), state


def fit_point(point, batches, rate=1.0, **settings):
    optimiser = torch.optim.SGD(point.parameters(), rate)
    updates = settings.pop("updates", len(batches))
    return optimiser, fit_torch(point, half_square, batches, optimiser, updates, seed=0, **settings)


class TestFitTorch:
    def test_loss_falls_to_what_the_carried_state_makes_possible(self):
        _, history = train_torch()
        assert history.train_loss[0] > 0.9
        assert np.median(history.train_loss[-20:]) < 0.02

        def forgetful(model, batch, state):
            return language_model_loss(model, batch._replace(starts=True), state)

        _, history = train_torch(loss=forgetful)
        assert np.median(history.train_loss[-20:]) > 0.2

    def test_a_torch_net_and_a_numpy_net_with_the_same_numbers_learn_alike(self):
        start = model(dtype=np.float64)
        ids = np.tile([0, 0, 1, 0, 0, 2], 100)
        settings = {"max_norm": 0.5, "schedule": cosine_decay}
        end, history = fit(
            loss_and_grads,
            start,
            stream_batches(ids, 4, 5, np.random.default_rng(1)),
            Adam(2e-2),
            30,
            **settings,
        )
        net = modules.LanguageModel(K, D, H, cell=modules.RNN, dtype=torch.float64)
        weights = {
            "encoder.embedding.weight": start["embedding"].weight,
            **{f"encoder.net.{k}": v for k, v in start["cell"].to_state_dict().items()},
            "readout.weight": start["readout"].weight,
            "readout.bias": start["readout"].bias,
        }
        net.load_state_dict({key: torch.tensor(value) for key, value in weights.items()})
        twin = fit_torch(
            net,
            language_model_loss,
            stream_batches(ids, 4, 5, np.random.default_rng(1)),
            torch.optim.Adam(net.parameters(), 2e-2),
            30,
            seed=0,
            **settings,
        )
        np.testing.assert_allclose(twin.train_loss, history.train_loss, rtol=0, atol=1e-9)
        np.testing.assert_allclose(twin.gradient_norm, history.gradient_norm, rtol=0, atol=1e-8)
        np.testing.assert_allclose(
            net.encoder.net.weight_hh_l0.detach(), end["cell"].weight_hh, rtol=0, atol=1e-8
        )

    def test_the_seed_decides_dropout_and_leaves_the_generator_as_it_was(self):
        torch.manual_seed(5)
        expected = torch.rand(3)
        first, again, other = (
            train_torch(10, seed, layers=2, dropout=0.5)[1].train_loss for seed in (0, 0, 1)
        )
        np.testing.assert_array_equal(first, again)
        assert not np.array_equal(first, other)
        torch.manual_seed(5)
        point = Point(1.0)
        fit_point(point, [0.0] * 3)
        assert torch.equal(torch.rand(3), expected)

    def test_the_gradient_is_clipped_and_its_norm_recorded_before(self):
        point = Point(3.0, 4.0)
        _, history = fit_point(point, [0.0], max_norm=0.5)
        np.testing.assert_allclose(point.at.detach(), [2.7, 3.6], rtol=1e-6)
        np.testing.assert_allclose(history.gradient_norm, [5.0])
        np.testing.assert_allclose(history.train_loss, [12.5])
        free = Point(3.0, 4.0)
        fit_point(free, [0.0])
        assert not free.at.any()

    def test_the_schedule_scales_the_learning_rate_and_gives_it_back(self):
        seen, point = [], Point(8.0)
        optimiser, _ = fit_point(point, [0.0] * 3, schedule=lambda p: seen.append(p) or 0.5)
        assert point.at.item() == 1.0
        assert seen == [0, 1 / 3, 2 / 3]
        assert optimiser.param_groups[0]["lr"] == 1.0

    def test_checkpoints_keep_numbers_of_their_own_and_held_out_losses(self):
        point = Point(1.0)
        _, history = fit_point(
            point, [0.0] * 4, 0.5, checkpoints=(0, 1, 4), held_out=lambda m: m.at.item()
        )
        assert history.held_out == {0: 1.0, 1: 0.5, 4: 0.0625}
        assert {u: c["at"].item() for u, c in history.checkpoints.items()} == history.held_out
        assert history.plot().axes

    def test_patience_stops_and_restores_the_best(self):
        point = Point(0.0)
        losses = {0: 3.0, 1: 1.0, 2: 2.0, 3: 2.0, 4: 0.0}
        _, history = fit_point(
            point,
            [float(n + 1) for n in range(4)],
            checkpoints=range(5),
            held_out=lambda m: losses[round(m.at.item())],
            patience=2,
        )
        assert history.best == 1
        assert point.at.item() == 1.0
        assert len(history.train_loss) == 3

    def test_held_out_is_measured_without_dropout_and_gradients_and_training_with_dropout(self):
        modes = []

        def loss(module, batch, state):
            modes.append(("train", module.training, torch.is_grad_enabled()))
            return half_square(module, batch, state)

        def held_out(module):
            modes.append(("held out", module.training, torch.is_grad_enabled()))
            return 0.0

        point = Point(1.0).eval()
        optimiser = torch.optim.SGD(point.parameters(), 0.1)
        fit_torch(
            point, loss, [0.0] * 2, optimiser, 2, seed=0, held_out=held_out, checkpoints=(0, 1)
        )
        measured_, trained = ("held out", False, False), ("train", True, True)
        assert modes == [measured_, trained, measured_, trained]
        assert not point.training

    def test_states_are_handed_on_without_their_gradients(self):
        seen = []

        def loss(module, batch, state):
            seen.append(state)
            moved = module.at + 1
            return half_square(module, batch, None)[0], {"a": (moved, [moved, None])}

        point = Point(1.0)
        optimiser = torch.optim.SGD(point.parameters(), 0.1)
        fit_torch(point, loss, [0.0] * 2, optimiser, 2, seed=0)
        assert seen[0] is None
        (first, (second, third)) = seen[1]["a"]
        assert not first.requires_grad
        assert not second.requires_grad
        assert third is None
        assert first.item() == 2.0

    @pytest.mark.parametrize("bad", [np.nan, np.inf])
    def test_a_loss_that_is_not_finite_stops_and_leaves_the_module_as_it_was(self, bad):
        point = Point(1.0)
        with pytest.raises(FloatingPointError, match=r"update 2: .*lower the learning rate.*clip"):
            fit_point(point, [0.0, bad], 0.5, schedule=lambda progress: 0.5)
        assert point.at.item() == 0.75

    def test_a_gradient_that_is_not_finite_stops_too(self):
        point = Point(0.0)
        optimiser = torch.optim.SGD(point.parameters(), 0.1)
        with pytest.raises(FloatingPointError, match="update 1: the gradient's norm is"):
            fit_torch(
                point,
                lambda module, batch, state: (module.at.abs().sqrt().sum(), None),
                [0.0],
                optimiser,
                1,
                seed=0,
            )
        assert point.at.item() == 0.0

    @pytest.mark.parametrize(
        ("settings", "message"),
        [
            ({"updates": 0}, "updates must be at least 1, got 0"),
            ({"max_norm": 0.0}, "max_norm must be above 0 or None, got 0.0"),
            ({"checkpoints": (0, 9)}, r"between 0 and 2, got \[9\]"),
            ({"held_out": float}, "held_out needs checkpoints"),
            ({"patience": 2}, "patience needs held_out"),
            ({"updates": 5}, "batches ran out after 2 of 5 updates"),
        ],
    )
    def test_bad_arguments_are_named(self, settings, message):
        with pytest.raises(ValueError, match=message):
            fit_point(Point(1.0), [0.0] * 2, **settings)

    def test_progress_is_quiet_unless_asked_for(self, capsys):
        fit_point(Point(1.0), [0.0] * 2)
        assert capsys.readouterr().err == ""
        fit_point(Point(1.0), [0.0] * 2, progress=True)
        assert "updates: 100%" in capsys.readouterr().err

    def test_padded_batches_train_a_classifier(self):
        rng = np.random.default_rng(0)
        names = [rng.integers(1, 6, rng.integers(3, 9)) for _ in range(200)]
        labels = [int(3 in name) for name in names]
        torch.manual_seed(0)
        net = modules.Classifier(2, 6, 12, symbols=6, cell=modules.GRU)

        def loss(module, batch, state):
            x, targets, mask = map(torch.from_numpy, batch[:3])
            return module.loss(x, targets, mask), None

        x, mask = map(torch.from_numpy, pad(names[150:]))
        targets = torch.tensor(labels[150:])
        history = fit_torch(
            net,
            loss,
            padded_batches(names[:150], labels[:150], 32, rng, bucket=2),
            torch.optim.Adam(net.parameters(), 2e-2),
            300,
            seed=0,
            held_out=lambda module: module.loss(x, targets, mask).item(),
            checkpoints=range(0, 301, 10),
            patience=5,
        )
        assert (net(x, mask).argmax(dim=1) == targets).float().mean() >= 0.95
        assert history.held_out[history.best] < 0.2 < history.held_out[0]


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
