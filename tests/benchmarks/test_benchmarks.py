"""What the benchmark compares with is right, and its report says what was measured."""

import json

import numpy as np
import pytest

from benchmarks.__main__ import side_by_side
from benchmarks.cells import KINDS, make_case
from benchmarks.report import write_report
from rnncore.numpy import gradient_error, sequence_backward, sequence_forward

SIZE = (4, 3, 5, 6)


@pytest.mark.parametrize("kind", KINDS)
def test_the_plain_loop_computes_the_same_training_step(kind):
    T, N, D, H = SIZE
    rng = np.random.default_rng(0)
    params_class, _, _, plain = KINDS[kind]
    params = params_class.init(rng, D, H)
    x, dh = rng.normal(size=(T, N, D)), rng.normal(size=(T, N, H))
    _, _, cache = sequence_forward(x, None, params)
    dx, dfirst, dparams = sequence_backward(dh, cache)
    _, plain_dx, plain_dh, *rest = plain(x, params, dh)
    assert gradient_error(dx, plain_dx) < 1e-12
    first = dfirst if isinstance(dfirst, tuple) else (dfirst,)
    assert gradient_error(first[0], plain_dh) < 1e-12
    if kind == "LSTM":
        assert gradient_error(first[1], rest.pop(0)) < 1e-12
    dwi, dwh, *dbiases = rest
    assert gradient_error(dparams.weight_ih, dwi) < 1e-12
    assert gradient_error(dparams.weight_hh, dwh) < 1e-12
    assert gradient_error(dparams.bias_ih, dbiases[0]) < 1e-12
    assert gradient_error(dparams.bias_hh, dbiases[-1]) < 1e-12


def test_the_plain_loop_stays_in_float32():
    case = make_case("LSTM", SIZE)
    steps, dx, *_ = case.training["plain loop"]()
    assert dx.dtype == np.float32
    assert {array.dtype for array in steps[-1]} == {np.dtype(np.float32)}


@pytest.mark.parametrize("kind", KINDS)
def test_every_way_runs(kind):
    case = make_case(kind, SIZE)
    assert list(case.training) == [
        "rnncore",
        "GEMM floor",
        "torch's GEMMs",
        "torch.nn",
        "plain loop",
    ]
    assert list(case.inference) == ["rnncore", "GEMM floor", "torch.nn"]
    for run in (*case.training.values(), *case.inference.values()):
        run()


def test_ways_are_timed_in_turn():
    order = []
    times = side_by_side({name: lambda name=name: order.append(name) for name in "ab"}, seconds=0)
    assert order == ["a", "b"] * 6
    for low, median, high in times.values():
        assert 0 <= low <= median <= high


def test_the_report_says_what_was_measured(tmp_path):
    rows = [
        {
            "kind": kind,
            "size": SIZE,
            "threads": 1,
            "training": {
                "rnncore": [1.0, 3.0, 4.0],
                "GEMM floor": [1.0, 2.0, 3.0],
                "torch.nn": [1.0, 6.0, 7.0],
                "plain loop": [8.0, 9.0, 10.0],
            },
            "inference": {
                "rnncore": [1.0, 3.0, 4.0],
                "GEMM floor": [1.0, 2.0, 3.0],
                "torch.nn": [1.0, 6.0, 7.0],
            },
        }
        for kind in KINDS
    ]
    times = [0.1, 0.2, 0.3]
    results = {
        "machine": {"processor": "P", "numpy": "2", "torch": "2", "python": "3"},
        "import_seconds": times,
        "cells": rows,
        "scan": [{"T": 64, "N": 1, "H": 1, "times": {"scan": times, "loop": [0.4, 0.6, 0.9]}}],
        "length": [{"T": 50, "kind": "RNN", "times": [1.0, 2.0, 3.0], "peak_mib": 1.5}],
    }
    write_report(results, tmp_path)
    assert json.loads((tmp_path / "results.json").read_text())["machine"]["processor"] == "P"
    text = (tmp_path / "results.md").read_text()
    assert "| 1 | 4, 3, 5, 6 | GRU | 3 (1–4) | 2 (1–3) | 6 (1–7) | 9 (8–10) | 1.50 | 0.50 |" in text
    assert "| 64 | 1, 1 | 0.2 (0.1–0.3) | 0.6 (0.4–0.9) | 3.00 |" in text
    assert "| 50 | RNN | 2 (1–3) | 40.0 | 1.5 |" in text
    assert "0.2 (0.1–0.3) s." in text
    assert (tmp_path / "results.svg").stat().st_size > 1000
    assert not list(tmp_path.glob("*.part"))
