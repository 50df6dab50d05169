"""minGRU on the test bench of all cells, and what is its own."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from rnncore.numpy import (
    MinGRUParams,
    linear_recurrence_loop,
    min_gru_backward,
    min_gru_forward,
    min_gru_step_backward,
    min_gru_step_forward,
)
from tests.numpy import test_cells as bench
from tests.numpy.cells import Cell


def torch_step(x, states, w):
    gate, candidate = (torch.nn.functional.linear(x, w["weight"], w["bias"])).chunk(2, dim=1)
    return (torch.lerp(states[0], candidate, torch.sigmoid(gate)),)


MIN_GRU = Cell("min_gru", MinGRUParams, torch_step)


@pytest.mark.parametrize("padding", [np.nan, np.inf])
@pytest.mark.parametrize("name", bench.masks())
def test_any_mask_equals_a_torch_loop_whatever_the_padding(name, padding):
    bench.test_any_mask_equals_a_torch_loop_whatever_the_padding(MIN_GRU, name, padding)


@pytest.mark.parametrize("masked", [False, True])
def test_gradients_equal_centred_differences(masked):
    bench.test_gradients_equal_centred_differences(MIN_GRU, masked)


@settings(max_examples=60, deadline=None)
@given(
    sizes=st.tuples(*[st.integers(1, 6)] * 4),
    seed=st.integers(0, 2**32 - 1),
    masked=st.booleans(),
)
def test_engine_equals_looping_the_step(sizes, seed, masked):
    bench.test_engine_equals_looping_the_step.hypothesis.inner_test(MIN_GRU, sizes, seed, masked)


@pytest.mark.parametrize(
    "holds",
    [
        bench.test_step_gradients_equal_centred_differences,
        bench.test_no_first_state_means_zeros_and_its_gradient_is_returned,
        bench.test_a_sequence_split_in_two_with_carried_state_is_the_same_sequence,
        bench.test_permuting_the_batch_permutes_the_answers,
        bench.test_strides_are_free,
        bench.test_float32_stays_float32_and_is_near_float64,
        bench.test_saturated_units_give_finite_gradients,
    ],
    ids=lambda holds: holds.__name__.removeprefix("test_"),
)
def test_what_holds_for_all_cells(holds):
    holds(MIN_GRU)


def test_long_sequences_equal_a_loop():
    x, (h0,), params, (dh,) = MIN_GRU.draw(1, 3001, 2, 3, 5)
    h, cache = min_gru_forward(x, h0, params)
    gate, candidate = np.split(x @ params.weight.T + params.bias, 2, axis=2)
    z = 1 / (1 + np.exp(-gate))
    looped, _ = linear_recurrence_loop(1 - z, z * candidate, h0)
    np.testing.assert_allclose(h, looped, rtol=0, atol=1e-12)
    leaves = [torch.tensor(a, requires_grad=True) for a in (x, h0, params.weight, params.bias)]
    state, loss = leaves[1], 0
    for x_t, dh_t in zip(leaves[0], torch.tensor(dh), strict=True):
        (state,) = torch_step(x_t, (state,), {"weight": leaves[2], "bias": leaves[3]})
        loss = loss + (state * dh_t).sum()
    loss.backward()
    dx, dh0, dparams = min_gru_backward(dh, cache)
    for ours, leaf in zip((dx, dh0, dparams.weight, dparams.bias), leaves, strict=True):
        bench.assert_close(ours, leaf.grad)


def test_a_shut_gate_keeps_the_state_and_an_open_one_takes_the_candidate():
    x, (h0,), params, _ = MIN_GRU.draw(2, 5, 3, 2, 4)
    shut, opened = params.bias.copy(), params.bias.copy()
    shut[:4], opened[:4] = -1e3, 1e3
    kept, _ = min_gru_forward(x, h0, params.replace(bias=shut))
    np.testing.assert_array_equal(kept, np.broadcast_to(h0, kept.shape))
    taken, _ = min_gru_forward(x, h0, params.replace(bias=opened))
    np.testing.assert_allclose(taken, x @ params.weight[4:].T + params.bias[4:], atol=1e-14)


@pytest.mark.parametrize("masked", [False, True])
def test_nothing_given_or_returned_is_overwritten_and_a_cache_serves_twice(masked):
    x, (h0,), params, (dh,) = MIN_GRU.draw(3, 6, 5, 4, 3)
    mask = np.random.default_rng(0).random((6, 5)) < 0.5 if masked else None
    h, cache = min_gru_forward(x, h0, params, mask)
    watched = [x, h0, h, dh, params.weight, params.bias]
    before = [array.copy() for array in watched]

    def backward():
        dx, dh0, dparams = min_gru_backward(dh, cache)
        return [dx, dh0, dparams.weight, dparams.bias]

    first = backward()
    kept = [array.copy() for array in first]
    again = backward()
    min_gru_forward(x + 1, h0, params, mask)
    for was, now in zip([*before, *kept, *kept], [*watched, *first, *again], strict=True):
        np.testing.assert_array_equal(was, now)


def test_masked_steps_carry_the_state_to_the_last_digit_and_have_no_gradient():
    x, (h0,), params, (dh,) = MIN_GRU.draw(4, 40, 3, 4, 5)
    mask = np.random.default_rng(0).random((40, 3)) < 0.5
    x[~mask] = np.nan
    h, cache = min_gru_forward(x, h0, params, mask)
    np.testing.assert_array_equal(h[~mask], np.concatenate([h0[None], h[:-1]])[~mask])
    assert not min_gru_backward(dh, cache)[0][~mask].any()


def test_nan_propagates_and_stays_in_its_sequence():
    x, (h0,), params, (dh,) = MIN_GRU.draw(5, 6, 3, 4, 5)
    x[2, 1] = np.nan
    h, cache = min_gru_forward(x, h0, params)
    assert np.isnan(h[2:, 1]).all()
    assert np.isfinite(h[:2]).all()
    assert np.isfinite(h[:, [0, 2]]).all()
    dx, _, dparams = min_gru_backward(dh, cache)
    assert np.isnan(dx[2, 1]).all()
    assert np.isfinite(dx[:, [0, 2]]).all()
    assert np.isnan(dparams.weight).any()


def test_parameters_are_drawn_in_the_range_of_torchs_linear():
    params = MinGRUParams.init(np.random.default_rng(0), 16, 50, dtype=np.float32)
    assert (params.input_size, params.hidden_size, params.dtype) == (16, 50, np.float32)
    assert params.weight.shape == (100, 16)
    for _, array in params.arrays():
        assert np.abs(array).max() <= 0.25
        assert np.abs(array).max() > 0.2
        assert array.min() < 0 < array.max()


def wrong_calls():
    x, (h0,), params, (dh,) = MIN_GRU.draw(6, 6, 3, 4, 5)
    mask = np.ones((6, 3), bool)
    rng = np.random.default_rng(0)
    _, cache = min_gru_forward(x, h0, params)
    _, step_cache = min_gru_step_forward(x[0], h0, params)
    small = x.astype(np.float32)
    return {
        "x without time": (lambda: min_gru_forward(x[0], h0, params), r"x .* \(T, N, 4\), got"),
        "x of no steps": (lambda: min_gru_forward(x[:0], h0, params), "x must .* every axis"),
        "x of less precision": (lambda: min_gru_forward(small, h0, params), "x must be float64"),
        "h0 of one sequence": (lambda: min_gru_forward(x, h0[:1], params), r"h0 .* \(3, 5\), got"),
        "h0 of other precision": (
            lambda: min_gru_forward(x, h0.astype(np.float32), params), "h0 must be float64"
        ),
        "mask batch first": (lambda: min_gru_forward(x, h0, params, mask.T), "mask must have"),
        "mask of floats": (lambda: min_gru_forward(x, h0, params, mask * 1.0), "mask must be bool"),
        "dh of one step": (lambda: min_gru_backward(dh[0], cache), r"dh .* \(6, 3, 5\), got"),
        "step x with time": (lambda: min_gru_step_forward(x, h0, params), r"x .* \(N, 4\), got"),
        "step h": (lambda: min_gru_step_forward(x[0], h0[:1], params), r"h must .* \(3, 5\), got"),
        "step dh_next": (lambda: min_gru_step_backward(dh, step_cache), "dh_next must have"),
        "odd rows": (lambda: MinGRUParams(np.ones((3, 2)), np.ones(3)), "weight must have 2 rows"),
        "bias of one gate": (lambda: MinGRUParams(np.ones((4, 2)), np.ones(2)), "bias must have"),
        "bias of other precision": (
            lambda: MinGRUParams(np.ones((4, 2)), np.ones(4, np.float32)), "bias must be float64"
        ),
        "weight of one axis": (
            lambda: MinGRUParams(np.ones(4), np.ones(4)),
            r"^weight must have shape \(2H, D\), got \(4,\)",
        ),
        "step x of other precision": (
            lambda: min_gru_step_forward(small[0], h0, params), "^x must be float64"
        ),
        "step h of other precision": (
            lambda: min_gru_step_forward(x[0], h0.astype(np.float32), params), "^h must be float64"
        ),
        "step dh_next of other precision": (
            lambda: min_gru_step_backward(dh[0].astype(np.float32), step_cache),
            "^dh_next must be float64",
        ),
        "no unit": (lambda: MinGRUParams.init(rng, 3, 0), "D and H must be at least 1"),
    }  # fmt: skip


@pytest.mark.parametrize("name", wrong_calls())
def test_a_wrong_call_names_the_argument(name):
    wrong, message = wrong_calls()[name]
    with pytest.raises(ValueError, match=message):
        wrong()
