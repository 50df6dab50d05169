"""Every cell against torch, against loops in autograd, and against its own step."""

import tracemalloc
from functools import partial

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from rnncore.numpy import gradient_check, gradient_error
from tests.numpy.cells import CELLS

SIZES = [(7, 3, 5, 4), (1, 3, 5, 4), (7, 1, 5, 4), (1, 1, 1, 1), (12, 2, 1, 6)]
EXACT = 1e-10

each_cell = pytest.mark.parametrize("cell", CELLS.values(), ids=CELLS)


def leaf(array):
    return torch.tensor(array, requires_grad=True)


def grad(tensor):
    return torch.zeros_like(tensor) if tensor.grad is None else tensor.grad


def assert_close(ours, theirs, tolerance=EXACT):
    assert gradient_error(ours, theirs.detach().numpy()) < tolerance


@pytest.mark.parametrize("name", [name for name, cell in CELLS.items() if cell.module])
@pytest.mark.parametrize("sizes", SIZES)
def test_all_outputs_and_gradients_equal_torchs_module(name, sizes):
    cell = CELLS[name]
    x, first, params, upstream = cell.draw(1, *sizes)
    states, cache = cell.forward(x, first, params)
    # torch gives the cell state at the last step only: the gradient into it stands there.
    for dc in upstream[1:]:
        dc[:-1] = 0
    dx, dfirst, dparams = cell.backward(upstream, cache)

    module = cell.torch_module(params)
    x_t, first_t = leaf(x), [leaf(state[None]) for state in first]
    h_t, last_t = module(x_t, first_t[0] if cell.states == 1 else tuple(first_t))
    last_t = [last_t] if cell.states == 1 else list(last_t)
    loss = (h_t * torch.tensor(upstream[0])).sum()
    for dc, last in zip(upstream[1:], last_t[1:], strict=True):
        loss = loss + (last[0] * torch.tensor(dc[-1])).sum()
    loss.backward()
    assert_close(states[0], h_t)
    for ours, theirs in zip(states, last_t, strict=True):
        assert_close(ours[-1], theirs[0])
    assert_close(dx, x_t.grad)
    for ours, theirs in zip(dfirst, first_t, strict=True):
        assert_close(ours, theirs.grad[0])
    for key, array in dparams.arrays():
        assert_close(array, getattr(module, f"{key}_l0").grad)


def masks():
    rng = np.random.default_rng(6)
    holes = rng.random((9, 4)) < 0.6
    column = holes.copy()
    column[:, 2] = False
    return {
        "no mask": None,
        "holes": holes,
        "an all-masked column": column,
        "left padding": np.arange(9)[:, None] >= np.array([0, 3, 8, 9]),
        "nothing real": np.zeros((9, 4), bool),
        "all real": np.ones((9, 4), bool),
    }


@each_cell
@pytest.mark.parametrize("padding", [np.nan, np.inf])
@pytest.mark.parametrize("name", masks())
def test_any_mask_equals_a_torch_loop_whatever_the_padding(cell, name, padding):
    mask = masks()[name]
    x, first, params, upstream = cell.draw(7, 9, 4, 3, 5)
    if mask is not None:
        x[~mask] = padding
    states, cache = cell.forward(x, first, params, mask)
    dx, dfirst, dparams = cell.backward(upstream, cache)

    weights = {key: leaf(array) for key, array in params.arrays()}
    x_t, first_t = leaf(x), [leaf(state) for state in first]
    real = torch.ones(9, 4, 1, dtype=torch.bool) if mask is None else torch.tensor(mask)[..., None]
    clean, current, loss = torch.where(real, x_t, 0), first_t, 0
    for t in range(9):
        stepped = cell.torch_step(clean[t], current, weights)
        current = [
            torch.where(real[t], new, old) for new, old in zip(stepped, current, strict=True)
        ]
        for ours, theirs, d in zip(states, current, upstream, strict=True):
            assert_close(ours[t], theirs)
            loss = loss + (theirs * torch.tensor(d[t])).sum()
    loss.backward()
    assert_close(dx, x_t.grad)
    for ours, theirs in zip(dfirst, first_t, strict=True):
        assert_close(ours, grad(theirs))
    for key, array in dparams.arrays():
        assert_close(array, grad(weights[key]))
    if mask is not None:
        assert (dx[~mask] == 0).all()


@pytest.mark.parametrize("name", [name for name, cell in CELLS.items() if cell.module])
def test_right_padding_equals_torch_packed_sequences(name):
    cell = CELLS[name]
    x, first, params, upstream = cell.draw(5, 8, 4, 3, 5)
    lengths = np.array([8, 5, 1, 3])
    mask = np.arange(8)[:, None] < lengths
    states, cache = cell.forward(np.where(mask[..., None], x, np.nan), first, params, mask)
    dh, *dcs = upstream
    dh[~mask] = 0
    for dc in dcs:
        dc[:-1] = 0
    dlast = np.random.default_rng(9).normal(size=first[0].shape)
    with_last = dh.copy()
    with_last[-1] += dlast
    dx, dfirst, dparams = cell.backward((with_last, *dcs), cache)

    module = cell.torch_module(params)
    x_t, first_t = leaf(x), [leaf(state[None]) for state in first]
    packed = torch.nn.utils.rnn.pack_padded_sequence(
        x_t, torch.tensor(lengths), enforce_sorted=False
    )
    packed_h, last_t = module(packed, first_t[0] if cell.states == 1 else tuple(first_t))
    last_t = [last_t] if cell.states == 1 else list(last_t)
    h_t, _ = torch.nn.utils.rnn.pad_packed_sequence(packed_h, total_length=8)
    loss = (h_t * torch.tensor(dh)).sum() + (last_t[0][0] * torch.tensor(dlast)).sum()
    for dc, last in zip(dcs, last_t[1:], strict=True):
        loss = loss + (last[0] * torch.tensor(dc[-1])).sum()
    loss.backward()
    np.testing.assert_allclose(states[0][mask], h_t.detach().numpy()[mask], rtol=0, atol=EXACT)
    for ours, theirs in zip(states, last_t, strict=True):
        assert_close(ours[-1], theirs[0])
    assert_close(dx, x_t.grad)
    for ours, theirs in zip(dfirst, first_t, strict=True):
        assert_close(ours, theirs.grad[0])
    for key, array in dparams.arrays():
        assert_close(array, getattr(module, f"{key}_l0").grad)


def products(states, upstream):
    return float(sum((state * d).sum() for state, d in zip(states, upstream, strict=True)))


@each_cell
@pytest.mark.parametrize("masked", [False, True])
def test_gradients_equal_centred_differences(cell, masked):
    x, first, params, upstream = cell.draw(3, 5, 3, 2, 4)
    mask = np.random.default_rng(0).random((5, 3)) < 0.7 if masked else None
    _, cache = cell.forward(x, first, params, mask)
    grads = dict(zip(["x", "first", "params"], cell.backward(upstream, cache), strict=True))
    errors = gradient_check(
        lambda tree: products(
            cell.forward(tree["x"], tree["first"], tree["params"], mask)[0], upstream
        ),
        {"x": x, "first": first, "params": params},
        grads,
    )
    assert len(errors) == 1 + cell.states + len(list(params.arrays()))
    assert max(errors.values()) < 1e-6, errors


@each_cell
def test_step_gradients_equal_centred_differences(cell):
    x, states, params, upstream = cell.draw(4, 1, 3, 2, 4)
    upstream = tuple(d[0] for d in upstream)
    _, cache = cell.step_forward(x[0], states, params)
    grads = dict(zip(["x", "states", "params"], cell.step_backward(upstream, cache), strict=True))
    errors = gradient_check(
        lambda tree: products(
            cell.step_forward(tree["x"], tree["states"], tree["params"])[0], upstream
        ),
        {"x": x[0], "states": states, "params": params},
        grads,
    )
    assert max(errors.values()) < 1e-6, errors


@settings(max_examples=120, deadline=None)
@given(
    cell=st.sampled_from(list(CELLS.values())),
    sizes=st.tuples(*[st.integers(1, 6)] * 4),
    seed=st.integers(0, 2**32 - 1),
    masked=st.booleans(),
)
def test_engine_equals_looping_the_step(cell, sizes, seed, masked):
    x, first, params, upstream = cell.draw(seed, *sizes)
    T, N, _, _ = sizes
    mask = np.random.default_rng(seed).random((T, N)) < 0.6 if masked else None
    states, cache = cell.forward(x, first, params, mask)
    dx, dfirst, dparams = cell.backward(upstream, cache)

    real = np.ones((T, N, 1), bool) if mask is None else mask[..., None]
    current, caches = first, []
    for t in range(T):
        stepped, step_cache = cell.step_forward(x[t], current, params)
        current = tuple(np.where(real[t], a, b) for a, b in zip(stepped, current, strict=True))
        caches.append(step_cache)
        for ours, looped in zip(states, current, strict=True):
            np.testing.assert_allclose(ours[t], looped, rtol=0, atol=1e-12)

    dcurrent = tuple(np.zeros_like(state) for state in first)
    total = {key: 0.0 for key, _ in params.arrays()}
    for t in reversed(range(T)):
        dcurrent = tuple(d + up[t] for d, up in zip(dcurrent, upstream, strict=True))
        into_step = tuple(np.where(real[t], d, 0) for d in dcurrent)
        dx_t, dstates, dparams_t = cell.step_backward(into_step, caches[t])
        dcurrent = tuple(
            new + np.where(real[t], 0, old) for new, old in zip(dstates, dcurrent, strict=True)
        )
        np.testing.assert_allclose(dx[t], dx_t, rtol=0, atol=1e-11)
        for key, array in dparams_t.arrays():
            total[key] = total[key] + array
    for ours, looped in zip(dfirst, dcurrent, strict=True):
        np.testing.assert_allclose(ours, looped, rtol=0, atol=1e-11)
    for key, array in dparams.arrays():
        assert gradient_error(array, total[key]) < 1e-11, key


@each_cell
def test_no_first_state_means_zeros_and_its_gradient_is_returned(cell):
    x, first, params, upstream = cell.draw(2, 5, 3, 2, 4)
    states, cache = cell.forward(x, (None,) * cell.states, params)
    zeros, cache_zeros = cell.forward(x, tuple(np.zeros_like(s) for s in first), params)
    for ours, theirs in zip(states, zeros, strict=True):
        np.testing.assert_array_equal(ours, theirs)
    dfirst = cell.backward(upstream, cache)[1]
    for ours, theirs in zip(dfirst, cell.backward(upstream, cache_zeros)[1], strict=True):
        np.testing.assert_array_equal(ours, theirs)
        assert ours.any()


@each_cell
def test_a_sequence_split_in_two_with_carried_state_is_the_same_sequence(cell):
    x, first, params, upstream = cell.draw(8, 9, 3, 2, 4)
    states, cache = cell.forward(x, first, params)
    whole = cell.backward(upstream, cache)

    states_1, cache_1 = cell.forward(x[:4], first, params)
    states_2, cache_2 = cell.forward(x[4:], tuple(s[-1] for s in states_1), params)
    for s, s_1, s_2 in zip(states, states_1, states_2, strict=True):
        np.testing.assert_allclose(np.concatenate([s_1, s_2]), s, rtol=0, atol=1e-14)
    dx_2, carried, dparams_2 = cell.backward(tuple(d[4:] for d in upstream), cache_2)
    upstream_1 = tuple(d[:4].copy() for d in upstream)
    for d, dcarried in zip(upstream_1, carried, strict=True):
        d[-1] += dcarried
    dx_1, dfirst, dparams_1 = cell.backward(upstream_1, cache_1)
    np.testing.assert_allclose(np.concatenate([dx_1, dx_2]), whole[0], rtol=0, atol=1e-12)
    for ours, theirs in zip(dfirst, whole[1], strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-12)
    second = dict(dparams_2.arrays())
    for key, array in dparams_1.arrays():
        np.testing.assert_allclose(array + second[key], getattr(whole[2], key), atol=1e-12)


@each_cell
def test_permuting_the_batch_permutes_the_answers(cell):
    x, first, params, upstream = cell.draw(9, 6, 5, 2, 4)
    order = np.array([3, 0, 4, 1, 2])
    states, cache = cell.forward(x, first, params)
    dx, _, _ = cell.backward(upstream, cache)
    permuted, cache_p = cell.forward(x[:, order], tuple(s[order] for s in first), params)
    dx_p, _, _ = cell.backward(tuple(d[:, order] for d in upstream), cache_p)
    for ours, theirs in zip(permuted, states, strict=True):
        np.testing.assert_allclose(ours, theirs[:, order], rtol=0, atol=1e-14)
    np.testing.assert_allclose(dx_p, dx[:, order], rtol=0, atol=1e-13)


@each_cell
def test_strides_are_free(cell):
    x, first, params, upstream = cell.draw(10, 6, 5, 4, 3)
    states, cache = cell.forward(x, first, params)
    strided, cache_s = cell.forward(
        np.ascontiguousarray(x.transpose(1, 0, 2)).transpose(1, 0, 2),
        tuple(map(np.asfortranarray, first)),
        params,
    )
    for ours, theirs in zip(strided, states, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-14)
    dx, _, _ = cell.backward(tuple(map(np.asfortranarray, upstream)), cache_s)
    np.testing.assert_allclose(dx, cell.backward(upstream, cache)[0], rtol=0, atol=1e-13)


@each_cell
@pytest.mark.parametrize("masked", [False, True])
def test_nothing_given_or_returned_is_overwritten_and_a_cache_serves_twice(cell, masked):
    x, first, params, upstream = cell.draw(11, 6, 5, 4, 3)
    mask = np.random.default_rng(0).random((6, 5)) < 0.5 if masked else None
    states, cache = cell.forward(x, first, params, mask)
    watched = [x, *first, *states, *upstream, *(array for _, array in params.arrays())]
    before = [array.copy() for array in watched]
    dx, dfirst, dparams = cell.backward(upstream, cache)
    kept = dx.copy(), [d.copy() for d in dfirst]
    again = cell.backward(upstream, cache)
    cell.forward(x + 1, first, params, mask)
    for was, now in zip(before, watched, strict=True):
        np.testing.assert_array_equal(was, now)
    np.testing.assert_array_equal(dx, kept[0])
    np.testing.assert_array_equal(dx, again[0])
    for was, now, new in zip(kept[1], dfirst, again[1], strict=True):
        np.testing.assert_array_equal(was, now)
        np.testing.assert_array_equal(was, new)
    assert not np.shares_memory(dparams.bias_ih, dparams.bias_hh)


@each_cell
def test_float32_stays_float32_and_is_near_float64(cell):
    x, first, params, upstream = cell.draw(12, 6, 5, 4, 3)
    exact = cell.backward(upstream, cell.forward(x, first, params)[1])
    small = params.astype(np.float32)
    x = x.astype(np.float32)
    first, upstream = (tuple(a.astype(np.float32) for a in part) for part in (first, upstream))
    for mask in (None, np.ones((6, 5), bool)):
        states, cache = cell.forward(x, first, small, mask)
        dx, dfirst, dparams = cell.backward(upstream, cache)
        assert {a.dtype for a in (*states, dx, *dfirst)} == {np.dtype(np.float32)}
        assert {array.dtype for _, array in dparams.arrays()} == {np.dtype(np.float32)}
        assert gradient_error(dx.astype(float), exact[0]) < 1e-4
    stepped, cache = cell.step_forward(x[0], first, small)
    dx, dstates, dparams = cell.step_backward(tuple(d[0] for d in upstream), cache)
    assert {a.dtype for a in (*stepped, dx, *dstates)} == {np.dtype(np.float32)}
    assert dparams.dtype == np.float32


def peak_memory(function):
    """Bytes that NumPy and Python hold at most while the function runs, and what it returned."""
    tracemalloc.start()
    result = function()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak, result


@each_cell
@pytest.mark.parametrize("sizes", [(1, 4000, 1, 8), (1, 1, 64, 200)], ids=["states", "weights"])
def test_float32_needs_half_the_memory_of_float64(cell, sizes):
    x, first, params, upstream = cell.draw(18, *sizes)
    cell.forward(x, first, params)  # imports the cell, which takes memory too
    peaks = {}
    for dtype in (np.float32, np.float64):
        inputs = x.astype(dtype), tuple(s.astype(dtype) for s in first), params.astype(dtype)
        into = tuple(d.astype(dtype) for d in upstream)
        forward, (_, cache) = peak_memory(partial(cell.forward, *inputs))
        backward, _ = peak_memory(partial(cell.backward, into, cache))
        peaks[dtype] = np.array([forward, backward])
    assert peaks[np.float64].max() > 300_000
    beside_arrays = 2 * peaks[np.float32] - peaks[np.float64]
    assert (np.abs(beside_arrays) < 10_000).all(), peaks


@each_cell
def test_nan_propagates_and_stays_in_its_sequence(cell):
    x, first, params, upstream = cell.draw(13, 6, 3, 4, 5)
    x[2, 1] = np.nan
    states, cache = cell.forward(x, first, params)
    for state in states:
        assert np.isnan(state[2:, 1]).all()
        assert np.isfinite(state[:2]).all()
        assert np.isfinite(state[:, [0, 2]]).all()
    dx, _, dparams = cell.backward(upstream, cache)
    assert np.isnan(dx[2, 1]).all()
    assert np.isnan(dparams.weight_ih).any()


@each_cell
def test_saturated_units_give_finite_gradients(cell):
    x, first, params, upstream = cell.draw(
        14, 4, 3, 2, 5, scale=50 if "relu" in str(cell.settings) else 1e3
    )
    states, cache = cell.forward(x, first, params)
    dx, dfirst, dparams = cell.backward(upstream, cache)
    for array in (*states, dx, *dfirst, *(a for _, a in dparams.arrays())):
        assert np.isfinite(array).all()


def wrong_calls(cell):
    x, first, params, upstream = cell.draw(15, 6, 3, 4, 5)
    mask = np.ones((6, 3), bool)
    _, cache = cell.forward(x, first, params)
    _, step_cache = cell.step_forward(x[0], first, params)
    small = tuple(s.astype(np.float32) for s in first)
    steps = tuple(d[0] for d in upstream)

    def forward(x=x, first=first, mask=None):
        return lambda: cell.forward(x, first, params, mask)

    calls = {
        "x without time": (forward(x[0]), r"x must have shape \(T, N, 4\), got \(3, 4\)"),
        "x with other inputs": (forward(x[..., :3]), r"x must .* got \(6, 3, 3\)"),
        "x of no steps": (forward(x[:0]), r"x must .* got \(0, 3, 4\); every axis needs"),
        "x of an empty batch": (forward(x[:, :0]), r"x must .* got \(6, 0, 4\); every axis"),
        "x a list": (forward(x.tolist()), "x must be a NumPy array .* got list"),
        "x a tensor": (forward(torch.tensor(x)), "x must be a NumPy array .* got Tensor"),
        "x of integers": (forward(x.astype(int)), "x must be float64 .* got int64"),
        "x of objects": (forward(x.astype(object)), "x must be float64 .* got object"),
        "x of less precision": (forward(x.astype(np.float32)), "x must be float64 .* float32"),
        "x of half precision": (forward(x.astype(np.float16)), "x must be float64 .* float16"),
        "h0 of another batch": (forward(first=(first[0][:1], *first[1:])), r"h0 .* \(1, 5\)"),
        "h0 with a layer axis": (forward(first=(first[0][None], *first[1:])), r"h0 .* \(1, 3, 5"),
        "h0 of other precision": (forward(first=(small[0], *first[1:])), "h0 must be float64"),
        "h0 a number": (forward(first=(0.0, *first[1:])), "h0 must be a NumPy array .* got float"),
        "mask batch first": (forward(mask=mask.T), r"mask must have shape \(6, 3\), got \(3, 6\)"),
        "mask of floats": (forward(mask=mask * 1.0), "mask must be bool .* got float64"),
        "mask with a unit axis": (forward(mask=mask[..., None]), r"mask .* got \(6, 3, 1\)"),
        "mask of lengths": (forward(mask=np.array([6, 5, 2])), r"mask .* got \(3,\)"),
        "dh of the last step": (
            lambda: cell.backward((upstream[0][-1], *upstream[1:]), cache),
            r"dh must have shape \(6, 3, 5\), got \(3, 5\)",
        ),
        "dh of other precision": (
            lambda: cell.backward((upstream[0].astype(np.float32), *upstream[1:]), cache),
            "dh must be float64",
        ),
        "step x with time": (
            lambda: cell.step_forward(x, first, params), r"x must have shape \(N, 4\)"
        ),
        "step x of other precision": (
            lambda: cell.step_forward(x[0].astype(np.float32), first, params), "^x must be float64"
        ),
        "step h of one sequence": (
            lambda: cell.step_forward(x[0], (first[0][:1], *first[1:]), params), "h must have"
        ),
        "step h of other precision": (
            lambda: cell.step_forward(x[0], (small[0], *first[1:]), params), "^h must be float64"
        ),
        "step dh_next of other precision": (
            lambda: cell.step_backward((steps[0].astype(np.float32), *steps[1:]), step_cache),
            "^dh_next must be float64",
        ),
        "step dh_next with time": (
            lambda: cell.step_backward((upstream[0], *steps[1:]), step_cache), "dh_next must have"
        ),
    }  # fmt: skip
    if cell.states == 2:
        calls |= {
            "c0 of another batch": (forward(first=(first[0], first[1][:1])), r"c0 .* \(1, 5\)"),
            "c0 of other precision": (forward(first=(first[0], small[1])), "c0 must be float64"),
            "dc of one step": (
                lambda: cell.backward((upstream[0], upstream[1][0]), cache), "dc must have shape"
            ),
            "step c": (
                lambda: cell.step_forward(x[0], (first[0], first[1][:1]), params), "c must have"
            ),
            "step c of other precision": (
                lambda: cell.step_forward(x[0], (first[0], small[1]), params), "^c must be float64"
            ),
            "step dc_next": (
                lambda: cell.step_backward((steps[0], upstream[1]), step_cache), "dc_next must"
            ),
            "step dc_next of other precision": (
                lambda: cell.step_backward((steps[0], steps[1].astype(np.float32)), step_cache),
                "^dc_next must be float64",
            ),
            "dc of other precision": (
                lambda: cell.backward((upstream[0], upstream[1].astype(np.float32)), cache),
                "^dc must be float64",
            ),
        }  # fmt: skip
    return calls


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        pytest.param(cell, name, id=f"{key}: {name}")
        for key, cell in CELLS.items()
        for name in wrong_calls(cell)
    ],
)
def test_a_wrong_call_names_the_argument(cell, name):
    wrong, message = wrong_calls(cell)[name]
    with pytest.raises(ValueError, match=message):
        wrong()


def test_no_gradient_into_the_cell_states_means_zeros():
    cell = CELLS["lstm"]
    x, first, params, (dh, dc) = cell.draw(16, 5, 3, 2, 4)
    _, cache = cell.forward(x, first, params)
    without = cell.backward((dh, None), cache)
    zeros = cell.backward((dh, np.zeros_like(dc)), cache)
    np.testing.assert_array_equal(without[0], zeros[0])
    np.testing.assert_array_equal(without[1][1], zeros[1][1])


def test_the_grus_two_forms_differ_and_agree_where_the_reset_gate_is_open():
    before, after = CELLS["gru, reset before"], CELLS["gru, reset after"]
    x, first, params, _ = after.draw(17, 5, 3, 2, 4)
    other = params.replace(reset_after=False)
    assert (
        np.abs(after.forward(x, first, params)[0][0] - before.forward(x, first, other)[0][0]).max()
        > 0.01
    )
    opened = params.bias_ih.copy()
    opened[:4] = 1e3
    params, other = (p.replace(bias_ih=opened) for p in (params, other))
    np.testing.assert_allclose(
        after.forward(x, first, params)[0][0], before.forward(x, first, other)[0][0], atol=1e-14
    )
