"""The table of the adding problem is that of this code, and one cell of it is made again."""

import json

import numpy as np
import pytest

from experiments import adding_problem
from experiments.running import RESULTS
from rnncore.numpy import LinearParams, RNNParams, linear_forward, rnn_forward

TABLE = json.loads((RESULTS / "adding_problem.json").read_text(encoding="utf-8"))
QUICK = {"model": "GRU", "T": 25, "rate": 0.01, "seed": 0}


def test_every_cell_of_the_grid_stands_in_the_results():
    names = ("model", "T", "rate", "seed")
    written = [{name: row[name] for name in names} for row in TABLE["rows"]]
    assert written == adding_problem.grid()
    assert TABLE["settings"] == adding_problem.SETTINGS


def test_solved_means_below_the_threshold_and_unsolved_runs_spend_all_updates():
    for row in TABLE["rows"]:
        assert row["solved"] == (row["error"] < adding_problem.SETTINGS["solved_below"])
        assert row["solved"] or row["updates"] == adding_problem.SETTINGS["updates"]


def test_one_cell_is_made_again():
    made = adding_problem.run_cell(**QUICK)
    stored = next(row for row in TABLE["rows"] if row | QUICK == row)
    assert made["solved"] == stored["solved"]
    every = adding_problem.SETTINGS["measure_every"]
    assert abs(made["updates"] - stored["updates"]) <= every  # machines round differently


@pytest.mark.parametrize("model", adding_problem.MODELS)
def test_nets_of_one_seed_are_equal_and_of_two_seeds_differ(model):
    one, same, other = (
        adding_problem.build(model, np.random.default_rng(seed))[0].weight_ih_l0
        for seed in (0, 0, 1)
    )
    assert (one == same).all()
    assert (one != other).any()


def test_the_irnn_begins_with_the_identity_and_a_relu():
    layer, read_out = adding_problem.build("IRNN", np.random.default_rng(0))
    assert layer.nonlinearity == "relu"
    np.testing.assert_array_equal(layer.weight_hh_l0.detach(), np.eye(32))
    rng = np.random.default_rng(0)
    drawn = RNNParams.init(rng, 2, 32, "identity", nonlinearity="relu")
    last = LinearParams.init(rng, 32, 1)
    x, _ = adding_problem.adding_problem(np.random.default_rng(1), 7, 3)
    expected = linear_forward(rnn_forward(x, None, drawn)[0][-1], last)[0]
    got = read_out(layer(adding_problem._batch(np.random.default_rng(1), 7, 3)[0])[0][-1])
    np.testing.assert_allclose(got.detach(), expected, rtol=1e-4, atol=1e-6)
