"""The recurrent cell against torch, against loops in autograd, and against itself."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from rnncore.numpy import (
    RNNParams,
    gradient_check,
    gradient_error,
    rnn_backward,
    rnn_forward,
    rnn_step_backward,
    rnn_step_forward,
)

NONLINEARITIES = ["tanh", "relu"]
SIZES = [(7, 3, 5, 4), (1, 3, 5, 4), (7, 1, 5, 4), (1, 1, 1, 1), (12, 2, 1, 6)]
EXACT = 1e-10


def case(seed, T, N, D, H, nonlinearity="tanh", scale=1.0):
    """Random inputs, first state, parameters with non-zero biases, and upstream gradient."""
    rng = np.random.default_rng(seed)
    params = RNNParams.init(rng, D, H, nonlinearity=nonlinearity)
    params = params.replace(**{name: scale * (array + 0.1) for name, array in params.arrays()})
    return rng.normal(size=(T, N, D)), rng.normal(size=(N, H)), params, rng.normal(size=(T, N, H))


def torch_rnn(params):
    module = torch.nn.RNN(
        params.input_size, params.hidden_size, nonlinearity=params.nonlinearity, dtype=torch.float64
    )
    module.load_state_dict({k: torch.tensor(v) for k, v in params.to_state_dict().items()})
    return module


def assert_gradients_equal(dparams, module, tolerance=EXACT):
    for name, array in dparams.arrays():
        theirs = getattr(module, f"{name}_l0").grad.numpy()
        assert gradient_error(array, theirs) < tolerance, name


@pytest.mark.parametrize("nonlinearity", NONLINEARITIES)
@pytest.mark.parametrize("sizes", SIZES)
def test_all_outputs_and_gradients_equal_torch(sizes, nonlinearity):
    x, h0, params, dh = case(1, *sizes, nonlinearity)
    h, cache = rnn_forward(x, h0, params)
    dx, dh0, dparams = rnn_backward(dh, cache)

    module = torch_rnn(params)
    x_t, h0_t = torch.tensor(x, requires_grad=True), torch.tensor(h0[None], requires_grad=True)
    h_t, last_t = module(x_t, h0_t)
    (h_t * torch.tensor(dh)).sum().backward()
    np.testing.assert_allclose(h, h_t.detach().numpy(), rtol=0, atol=EXACT)
    np.testing.assert_allclose(h[-1], last_t[0].detach().numpy(), rtol=0, atol=EXACT)
    assert gradient_error(dx, x_t.grad.numpy()) < EXACT
    assert gradient_error(dh0, h0_t.grad[0].numpy()) < EXACT
    assert_gradients_equal(dparams, module)


def test_no_first_state_means_zeros_and_its_gradient_is_returned():
    x, h0, params, dh = case(2, 5, 3, 2, 4)
    h, cache = rnn_forward(x, None, params)
    h_zeros, cache_zeros = rnn_forward(x, np.zeros_like(h0), params)
    np.testing.assert_array_equal(h, h_zeros)
    _, dh0, _ = rnn_backward(dh, cache)
    np.testing.assert_array_equal(dh0, rnn_backward(dh, cache_zeros)[1])
    assert dh0.any()


@pytest.mark.parametrize("nonlinearity", NONLINEARITIES)
def test_gradients_equal_centred_differences(nonlinearity):
    x, h0, params, dh = case(3, 5, 3, 2, 4, nonlinearity)
    mask = np.random.default_rng(0).random((5, 3)) < 0.7
    _, cache = rnn_forward(x, h0, params, mask)
    grads = dict(zip(["x", "h0", "params"], rnn_backward(dh, cache), strict=True))

    def loss(tree):
        return float((rnn_forward(tree["x"], tree["h0"], tree["params"], mask)[0] * dh).sum())

    errors = gradient_check(loss, {"x": x, "h0": h0, "params": params}, grads)
    assert len(errors) == 6
    assert max(errors.values()) < 1e-6, errors


@pytest.mark.parametrize("nonlinearity", NONLINEARITIES)
def test_step_gradients_equal_centred_differences(nonlinearity):
    x, h, params, dh = case(4, 1, 3, 2, 4, nonlinearity)
    _, cache = rnn_step_forward(x[0], h, params)
    grads = dict(zip(["x", "h", "params"], rnn_step_backward(dh[0], cache), strict=True))

    def loss(tree):
        return float((rnn_step_forward(tree["x"], tree["h"], tree["params"])[0] * dh[0]).sum())

    errors = gradient_check(loss, {"x": x[0], "h": h, "params": params}, grads)
    assert max(errors.values()) < 1e-6, errors


@settings(max_examples=60, deadline=None)
@given(
    sizes=st.tuples(*[st.integers(1, 6)] * 4),
    seed=st.integers(0, 2**32 - 1),
    nonlinearity=st.sampled_from(NONLINEARITIES),
    masked=st.booleans(),
)
def test_engine_equals_looping_the_step(sizes, seed, nonlinearity, masked):
    x, h0, params, dh = case(seed, *sizes, nonlinearity)
    T, N, _, _ = sizes
    mask = np.random.default_rng(seed).random((T, N)) < 0.6 if masked else None
    h, cache = rnn_forward(x, h0, params, mask)
    dx, dh0, dparams = rnn_backward(dh, cache)

    real = np.ones((T, N, 1), bool) if mask is None else mask[..., None]
    state, states, caches = h0, [], []
    for t in range(T):
        stepped, step_cache = rnn_step_forward(x[t], state, params)
        state = np.where(real[t], stepped, state)
        states.append(state)
        caches.append(step_cache)
    np.testing.assert_allclose(h, states, rtol=0, atol=1e-12)

    dstate, total = np.zeros_like(h0), {name: 0.0 for name, _ in params.arrays()}
    for t in reversed(range(T)):
        dstate = dstate + dh[t]
        dx_t, dh_t, dparams_t = rnn_step_backward(np.where(real[t], dstate, 0), caches[t])
        dstate = dh_t + np.where(real[t], 0, dstate)
        np.testing.assert_allclose(dx[t], dx_t, rtol=0, atol=1e-11)
        for name, array in dparams_t.arrays():
            total[name] = total[name] + array
    np.testing.assert_allclose(dh0, dstate, rtol=0, atol=1e-11)
    for name, array in dparams.arrays():
        assert gradient_error(array, total[name]) < 1e-11, name


def test_right_padding_equals_torch_packed_sequences():
    x, h0, params, dh = case(5, 8, 4, 3, 5)
    lengths = np.array([8, 5, 1, 3])
    mask = np.arange(8)[:, None] < lengths
    h, cache = rnn_forward(np.where(mask[..., None], x, np.nan), h0, params, mask)
    dh[~mask] = 0
    dlast = np.random.default_rng(9).normal(size=h0.shape)
    dh_and_last = dh.copy()
    dh_and_last[-1] += dlast
    dx, dh0, dparams = rnn_backward(dh_and_last, cache)

    module = torch_rnn(params)
    x_t, h0_t = torch.tensor(x, requires_grad=True), torch.tensor(h0[None], requires_grad=True)
    packed = torch.nn.utils.rnn.pack_padded_sequence(
        x_t, torch.tensor(lengths), enforce_sorted=False
    )
    packed_h, last_t = module(packed, h0_t)
    h_t, _ = torch.nn.utils.rnn.pad_packed_sequence(packed_h, total_length=8)
    loss = (h_t * torch.tensor(dh)).sum() + (last_t[0] * torch.tensor(dlast)).sum()
    loss.backward()
    np.testing.assert_allclose(h[mask], h_t.detach().numpy()[mask], rtol=0, atol=EXACT)
    np.testing.assert_allclose(h[-1], last_t[0].detach().numpy(), rtol=0, atol=EXACT)
    assert gradient_error(dx, x_t.grad.numpy()) < EXACT
    assert gradient_error(dh0, h0_t.grad[0].numpy()) < EXACT
    assert_gradients_equal(dparams, module)


def masks_with_holes():
    rng = np.random.default_rng(6)
    holes = rng.random((9, 4)) < 0.6
    column = holes.copy()
    column[:, 2] = False
    left = np.arange(9)[:, None] >= np.array([0, 3, 8, 9])
    return {
        "holes": holes,
        "an all-masked column": column,
        "left padding": left,
        "nothing real": np.zeros((9, 4), bool),
        "all real": np.ones((9, 4), bool),
    }


@pytest.mark.parametrize("nonlinearity", NONLINEARITIES)
@pytest.mark.parametrize("padding", [np.nan, np.inf, 0.0])
@pytest.mark.parametrize("name", masks_with_holes())
def test_any_mask_equals_a_torch_loop_whatever_the_padding(name, padding, nonlinearity):
    mask = masks_with_holes()[name]
    x, h0, params, dh = case(7, *mask.shape, 3, 5, nonlinearity)
    x[~mask] = padding
    h, cache = rnn_forward(x, h0, params, mask)
    dx, dh0, dparams = rnn_backward(dh, cache)

    leaves = {name: torch.tensor(array, requires_grad=True) for name, array in params.arrays()}
    x_t, h0_t = torch.tensor(x, requires_grad=True), torch.tensor(h0, requires_grad=True)
    real = torch.tensor(mask)[..., None]
    clean, state, loss = torch.where(real, x_t, 0), h0_t, 0
    phi = torch.tanh if nonlinearity == "tanh" else torch.relu
    for t in range(len(x)):
        a = clean[t] @ leaves["weight_ih"].T + leaves["bias_ih"]
        a = a + state @ leaves["weight_hh"].T + leaves["bias_hh"]
        state = torch.where(real[t], phi(a), state)
        np.testing.assert_allclose(h[t], state.detach().numpy(), rtol=0, atol=EXACT)
        loss = loss + (state * torch.tensor(dh[t])).sum()
    loss.backward()
    assert gradient_error(dx, x_t.grad.numpy()) < EXACT
    assert (dx[~mask] == 0).all()
    assert gradient_error(dh0, h0_t.grad.numpy()) < EXACT
    for key, array in dparams.arrays():
        theirs = leaves[key].grad
        assert (
            gradient_error(array, np.zeros_like(array) if theirs is None else theirs.numpy())
            < EXACT
        )


def test_a_sequence_split_in_two_with_carried_state_is_the_same_sequence():
    x, h0, params, dh = case(8, 9, 3, 2, 4)
    h, cache = rnn_forward(x, h0, params)
    whole = rnn_backward(dh, cache)

    first, cache_1 = rnn_forward(x[:4], h0, params)
    second, cache_2 = rnn_forward(x[4:], first[-1], params)
    np.testing.assert_allclose(np.concatenate([first, second]), h, rtol=0, atol=1e-14)
    dx_2, dcarried, dparams_2 = rnn_backward(dh[4:], cache_2)
    dh_1 = dh[:4].copy()
    dh_1[-1] += dcarried
    dx_1, dh0, dparams_1 = rnn_backward(dh_1, cache_1)
    np.testing.assert_allclose(np.concatenate([dx_1, dx_2]), whole[0], rtol=0, atol=1e-12)
    np.testing.assert_allclose(dh0, whole[1], rtol=0, atol=1e-12)
    other = dict(dparams_2.arrays())
    for name, array in dparams_1.arrays():
        np.testing.assert_allclose(array + other[name], getattr(whole[2], name), atol=1e-12)


def test_permuting_the_batch_permutes_the_answers():
    x, h0, params, dh = case(9, 6, 5, 2, 4)
    order = np.array([3, 0, 4, 1, 2])
    h, cache = rnn_forward(x, h0, params)
    dx, dh0, _ = rnn_backward(dh, cache)
    h_p, cache_p = rnn_forward(x[:, order], h0[order], params)
    dx_p, dh0_p, _ = rnn_backward(dh[:, order], cache_p)
    np.testing.assert_allclose(h_p, h[:, order], rtol=0, atol=1e-14)
    np.testing.assert_allclose(dx_p, dx[:, order], rtol=0, atol=1e-13)
    np.testing.assert_allclose(dh0_p, dh0[order], rtol=0, atol=1e-13)


def test_strides_are_free():
    x, h0, params, dh = case(10, 6, 5, 4, 3)
    strided = [np.asfortranarray(a) for a in (x, h0, dh)]
    strided[0] = np.ascontiguousarray(x.transpose(1, 0, 2)).transpose(1, 0, 2)
    assert not strided[0].flags.c_contiguous
    h, cache = rnn_forward(x, h0, params)
    h_s, cache_s = rnn_forward(strided[0], strided[1], params)
    np.testing.assert_allclose(h_s, h, rtol=0, atol=1e-14)
    expected = rnn_backward(dh, cache)[:2]
    for ours, theirs in zip(rnn_backward(strided[2], cache_s)[:2], expected, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-13)


@pytest.mark.parametrize("masked", [False, True])
def test_nothing_that_was_given_or_returned_is_overwritten_and_a_cache_serves_twice(masked):
    x, h0, params, dh = case(11, 6, 5, 4, 3)
    mask = np.random.default_rng(0).random((6, 5)) < 0.5 if masked else None
    h, cache = rnn_forward(x, h0, params, mask)
    before = [a.copy() for a in (x, h0, h, dh, *(array for _, array in params.arrays()))]
    first = rnn_backward(dh, cache)
    kept = [a.copy() for a in first[:2]]
    second = rnn_backward(dh, cache)
    rnn_forward(x + 1, h0, params, mask)
    after = [x, h0, h, dh, *(array for _, array in params.arrays())]
    for was, now in zip(before, after, strict=True):
        np.testing.assert_array_equal(was, now)
    for was, now, again in zip(kept, first[:2], second[:2], strict=True):
        np.testing.assert_array_equal(was, now)
        np.testing.assert_array_equal(was, again)
    assert first[2].bias_ih is not first[2].bias_hh


def test_float32_stays_float32_and_is_near_float64():
    x, h0, params, dh = case(12, 6, 5, 4, 3)
    exact = rnn_backward(dh, rnn_forward(x, h0, params)[1])
    x, h0, dh = (a.astype(np.float32) for a in (x, h0, dh))
    h, cache = rnn_forward(x, h0, params.astype(np.float32), np.ones((6, 5), bool))
    dx, dh0, dparams = rnn_backward(dh, cache)
    assert {a.dtype for a in (h, dx, dh0)} == {np.dtype(np.float32)} == {dparams.dtype}
    assert gradient_error(dx, exact[0].astype(np.float32)) < 1e-4
    step = rnn_step_backward(dh[0], rnn_step_forward(x[0], h0, params.astype(np.float32))[1])
    assert {a.dtype for a in step[:2]} == {np.dtype(np.float32)}


@pytest.mark.parametrize("nonlinearity", NONLINEARITIES)
def test_nan_propagates_and_stays_in_its_sequence(nonlinearity):
    x, h0, params, dh = case(13, 6, 3, 4, 5, nonlinearity)
    x[2, 1] = np.nan
    h, cache = rnn_forward(x, h0, params)
    assert np.isnan(h[2:, 1]).all()
    assert np.isfinite(h[:2]).all()
    assert np.isfinite(h[:, [0, 2]]).all()
    dx, _, dparams = rnn_backward(dh, cache)
    assert np.isnan(dx[2, 1]).all()
    assert np.isnan(dparams.weight_ih).any()


def test_saturated_units_pass_no_gradient():
    x, h0, params, dh = case(14, 4, 3, 2, 5, scale=1e3)
    h, cache = rnn_forward(x, h0, params)
    assert (np.abs(h) == 1).all()
    dx, dh0, dparams = rnn_backward(dh, cache)
    assert (dx == 0).all()
    assert (dh0 == 0).all()
    assert (dparams.weight_hh == 0).all()


def wrong_calls():
    x, h0, params, dh = case(15, 6, 3, 4, 5)
    mask = np.ones((6, 3), bool)
    _, cache = rnn_forward(x, h0, params)
    _, step_cache = rnn_step_forward(x[0], h0, params)
    return {
        "x without time": (lambda: rnn_forward(x[0], h0, params), r"x must have shape \(T, N, 4\)"),
        "x with other inputs": (lambda: rnn_forward(x[..., :3], h0, params), r"got \(6, 3, 3\)"),
        "x of no steps": (lambda: rnn_forward(x[:0], h0, params), "at least one entry"),
        "x of an empty batch": (lambda: rnn_forward(x[:, :0], h0[:0], params), "at least one"),
        "x a list": (lambda: rnn_forward(x.tolist(), h0, params), "x must be a NumPy array"),
        "x a tensor": (lambda: rnn_forward(torch.tensor(x), h0, params), "got Tensor"),
        "x of integers": (lambda: rnn_forward(x.astype(int), h0, params), "x must be float64"),
        "x of less precision": (
            lambda: rnn_forward(x.astype(np.float32), h0, params),
            "x must be float64 like the parameters, got float32",
        ),
        "h0 of another batch": (lambda: rnn_forward(x, h0[:1], params), r"h0 .* \(3, 5\)"),
        "h0 with a layer axis": (lambda: rnn_forward(x, h0[None], params), r"h0 .* \(1, 3, 5\)"),
        "h0 of other precision": (
            lambda: rnn_forward(x, h0.astype(np.float32), params), "h0 must be float64"
        ),
        "h0 a number": (lambda: rnn_forward(x, 0.0, params), "h0 must be a NumPy array"),
        "mask batch first": (lambda: rnn_forward(x, h0, params, mask.T), r"mask .* \(3, 6\)"),
        "mask of floats": (lambda: rnn_forward(x, h0, params, mask * 1.0), "mask must be bool"),
        "mask with a unit axis": (
            lambda: rnn_forward(x, h0, params, mask[..., None]), r"mask .* \(6, 3, 1\)"
        ),
        "dh of the last step": (lambda: rnn_backward(dh[-1], cache), r"dh must have shape"),
        "dh of other precision": (
            lambda: rnn_backward(dh.astype(np.float32), cache), "dh must be float64"
        ),
        "step x with time": (lambda: rnn_step_forward(x, h0, params), r"x must have shape \(N, 4"),
        "step h of one sequence": (lambda: rnn_step_forward(x[0], h0[:1], params), "h must have"),
        "step dh_next with time": (lambda: rnn_step_backward(dh, step_cache), "dh_next must have"),
    }  # fmt: skip


@pytest.mark.parametrize("name", wrong_calls())
def test_a_wrong_call_names_the_argument(name):
    call, message = wrong_calls()[name]
    with pytest.raises(ValueError, match=message):
        call()
