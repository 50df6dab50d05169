"""Both kinds of attention against torch, centred differences and their own identities."""

import numpy as np
import pytest
import torch

from rnncore.numpy import (
    AdditiveAttentionParams,
    additive_attention,
    additive_attention_backward,
    dot_product_attention,
    dot_product_attention_backward,
    gradient_check,
    gradient_error,
)

SIZES = [(4, 6, 3, 5, 2), (1, 6, 3, 5, 2), (4, 1, 3, 5, 2), (4, 6, 1, 5, 2), (1, 1, 1, 1, 1)]
EXACT = 1e-10


class DotProduct:
    """Arrays: query, key, value."""

    def draw(self, seed, Tq, Tk, N, D, V):
        rng = np.random.default_rng(seed)
        arrays = [rng.normal(size=shape) for shape in ((Tq, N, D), (Tk, N, D), (Tk, N, V))]
        return arrays, rng.normal(size=(Tq, N, V))

    def forward(self, arrays, mask=None):
        return dot_product_attention(*arrays, mask)

    def backward(self, doutput, cache):
        return list(dot_product_attention_backward(doutput, cache))

    def score(self, q, k, *_):
        return (q @ k) / len(k) ** 0.5


class Additive(DotProduct):
    """Arrays: query, key, value and the four of the parameters; keys and queries differ in size."""

    def draw(self, seed, Tq, Tk, N, D, V):
        arrays, doutput = super().draw(seed, Tq, Tk, N, D, V)
        rng = np.random.default_rng(seed + 100)
        arrays[0] = rng.normal(size=(Tq, N, D + 2))
        params = AdditiveAttentionParams.init(rng, D + 2, D, 7)
        return [*arrays, *(array + 0.1 for _, array in params.arrays())], doutput

    def forward(self, arrays, mask=None):
        return additive_attention(*arrays[:3], AdditiveAttentionParams(*arrays[3:]), mask)

    def backward(self, doutput, cache):
        *grads, dparams = additive_attention_backward(doutput, cache)
        return [*grads, *(array for _, array in dparams.arrays())]

    def score(self, q, k, weight_query, weight_key, bias, weight_score):
        return weight_score @ torch.tanh(weight_query @ q + weight_key @ k + bias)


KINDS = {"dot product": DotProduct(), "additive": Additive()}

each_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


def masks():
    rng = np.random.default_rng(3)
    holes = rng.random((6, 3)) < 0.6
    column = holes.copy()
    column[:, 1] = False
    return {
        "no mask": None,
        "holes": holes,
        "an all-masked column": column,
        "right padding": np.arange(6)[:, None] < np.array([6, 1, 4]),
        "nothing real": np.zeros((6, 3), bool),
        "all real": np.ones((6, 3), bool),
    }


def leaf(array):
    return torch.tensor(array, requires_grad=True)


def compare(ours, leaves):
    for mine, tensor in zip(ours, leaves, strict=True):
        theirs = torch.zeros_like(tensor) if tensor.grad is None else tensor.grad
        assert gradient_error(mine, theirs.numpy()) < EXACT


@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize("scale", [None, 1.0, 0.3])
@pytest.mark.parametrize("masked", [False, True])
def test_dot_product_attention_equals_torchs(sizes, scale, masked):
    arrays, doutput = DotProduct().draw(1, *sizes)
    _, Tk, N, _, _ = sizes
    mask = np.random.default_rng(1).random((Tk, N)) < 0.7 if masked else None
    if masked:
        mask[0] = True  # torch gives NaN where nothing is real
    output, _, cache = dot_product_attention(*arrays, mask, scale)
    leaves = [leaf(array) for array in arrays]
    theirs = torch.nn.functional.scaled_dot_product_attention(
        *(tensor.transpose(0, 1) for tensor in leaves),
        attn_mask=torch.tensor(mask.T[:, None]) if masked else None,
        scale=scale,
    ).transpose(0, 1)
    (theirs * torch.tensor(doutput)).sum().backward()
    assert gradient_error(output, theirs.detach().numpy()) < EXACT
    compare(dot_product_attention_backward(doutput, cache), leaves)


@each_kind
@pytest.mark.parametrize("name", masks())
@pytest.mark.parametrize("padding", [np.nan, np.inf])
def test_any_mask_equals_a_torch_loop_whatever_the_padding(kind, name, padding):
    mask = masks()[name]
    arrays, doutput = kind.draw(2, 4, 6, 3, 5, 2)
    if mask is not None:
        arrays[1][~mask], arrays[2][~mask] = padding, padding
    output, weights, cache = kind.forward(arrays, mask)
    grads = kind.backward(doutput, cache)

    leaves = [leaf(array) for array in arrays]
    query, key, value, *params = leaves
    loss = torch.zeros((), dtype=torch.float64)
    for n in range(3):
        real = np.arange(6) if mask is None else np.flatnonzero(mask[:, n])
        hidden = np.setdiff1d(np.arange(6), real)
        assert not weights[:, n, hidden].any()
        for t in range(4):
            if len(real) == 0:
                assert not output[t, n].any()
                continue
            scores = torch.stack([kind.score(query[t, n], key[s, n], *params) for s in real])
            their_weights = torch.softmax(scores, 0)
            theirs = sum(w * value[s, n] for w, s in zip(their_weights, real, strict=True))
            assert gradient_error(weights[t, n, real], their_weights.detach().numpy()) < EXACT
            assert gradient_error(output[t, n], theirs.detach().numpy()) < EXACT
            loss = loss + (theirs * torch.tensor(doutput[t, n])).sum()
    if loss.requires_grad:
        loss.backward()
    compare(grads, leaves)
    if mask is not None:
        assert not grads[1][~mask].any()
        assert not grads[2][~mask].any()


@each_kind
@pytest.mark.parametrize("masked", [False, True])
def test_gradients_equal_centred_differences(kind, masked):
    arrays, doutput = kind.draw(3, 4, 6, 3, 5, 2)
    mask = masks()["an all-masked column"] if masked else None
    grads = kind.backward(doutput, kind.forward(arrays, mask)[2])
    errors = gradient_check(
        lambda arrays: float((kind.forward(arrays, mask)[0] * doutput).sum()), arrays, grads
    )
    assert len(errors) == len(arrays)
    assert max(errors.values()) < 1e-6, errors


@each_kind
def test_weights_sum_to_one_over_the_real_keys(kind):
    arrays, _ = kind.draw(4, 4, 6, 3, 5, 2)
    mask = masks()["an all-masked column"]
    sums = kind.forward(arrays, mask)[1].sum(axis=2)
    np.testing.assert_allclose(sums[:, [0, 2]], 1, atol=1e-14)
    np.testing.assert_array_equal(sums[:, 1], 0)


@each_kind
def test_padding_never_changes_an_answer(kind):
    arrays, doutput = kind.draw(5, 4, 6, 3, 5, 2)
    padded = list(arrays)
    for i in (1, 2):
        padded[i] = np.concatenate([arrays[i], np.full_like(arrays[i][:3], np.nan)])
    mask = np.arange(9)[:, None] < np.array([6, 6, 6])
    output, weights, cache = kind.forward(arrays)
    output_p, weights_p, cache_p = kind.forward(padded, mask)
    np.testing.assert_allclose(output_p, output, rtol=0, atol=1e-14)
    np.testing.assert_allclose(weights_p[..., :6], weights, rtol=0, atol=1e-14)
    for ours, theirs in zip(
        kind.backward(doutput, cache_p), kind.backward(doutput, cache), strict=True
    ):
        np.testing.assert_allclose(ours[: len(theirs)], theirs, rtol=0, atol=1e-13)


@each_kind
def test_the_order_of_keys_is_of_no_account(kind):
    arrays, _ = kind.draw(6, 4, 6, 3, 5, 2)
    order = np.array([3, 0, 5, 1, 2, 4])
    turned = [arrays[0], arrays[1][order], arrays[2][order], *arrays[3:]]
    output, weights, _ = kind.forward(arrays)
    output_t, weights_t, _ = kind.forward(turned)
    np.testing.assert_allclose(output_t, output, rtol=0, atol=1e-14)
    np.testing.assert_allclose(weights_t, weights[..., order], rtol=0, atol=1e-14)


def test_scores_that_differ_by_thousands_give_a_one_hot_without_overflow():
    key = np.array([[[1.0]], [[3000.0]], [[-3000.0]]])
    query = np.full((1, 1, 1), 1000.0)
    for mask, expected in ((None, [0, 1, 0]), (np.array([[True], [False], [True]]), [1, 0, 0])):
        output, weights, cache = dot_product_attention(query, key, key, mask)
        np.testing.assert_array_equal(weights[0, 0], expected)
        grads = dot_product_attention_backward(np.ones_like(output), cache)
        assert all(np.isfinite(grad).all() for grad in grads)


@each_kind
@pytest.mark.parametrize("masked", [False, True])
def test_nothing_given_or_returned_is_overwritten_and_a_cache_serves_twice(kind, masked):
    arrays, doutput = kind.draw(7, 4, 6, 3, 5, 2)
    mask = masks()["holes"] if masked else None
    output, weights, cache = kind.forward(arrays, mask)
    watched = [*arrays, doutput, output, weights]
    before = [array.copy() for array in watched]
    first = kind.backward(doutput, cache)
    kept = [array.copy() for array in first]
    again = kind.backward(doutput, cache)
    kind.forward([array + 1 for array in arrays], mask)
    for was, now in zip([*before, *kept, *kept], [*watched, *first, *again], strict=True):
        np.testing.assert_array_equal(was, now)


@each_kind
def test_strides_are_free(kind):
    arrays, doutput = kind.draw(8, 4, 6, 3, 5, 2)
    output, _, cache = kind.forward(arrays)
    output_f, _, cache_f = kind.forward([np.asfortranarray(array) for array in arrays])
    np.testing.assert_allclose(output_f, output, rtol=0, atol=1e-14)
    grads = kind.backward(np.asfortranarray(doutput), cache_f)
    for ours, theirs in zip(grads, kind.backward(doutput, cache), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-13)


@each_kind
def test_float32_stays_float32_and_is_near_float64(kind):
    arrays, doutput = kind.draw(9, 4, 6, 3, 5, 2)
    small = [array.astype(np.float32) for array in arrays]
    for mask in (None, masks()["an all-masked column"]):
        exact = kind.backward(doutput, kind.forward(arrays, mask)[2])
        output, weights, cache = kind.forward(small, mask)
        grads = kind.backward(doutput.astype(np.float32), cache)
        assert {a.dtype for a in (output, weights, *grads)} == {np.dtype(np.float32)}
        for ours, theirs in zip(grads, exact, strict=True):
            assert gradient_error(ours.astype(float), theirs) < 1e-5


def test_a_numpy_scale_leaves_float32_alone():
    arrays = [array.astype(np.float32) for array in DotProduct().draw(10, 2, 3, 4, 5, 6)[0]]
    output, _, _ = dot_product_attention(*arrays, scale=np.float64(0.5))
    assert output.dtype == np.float32


@each_kind
@pytest.mark.parametrize("into", [0, 1, 2])
def test_nan_propagates_and_stays_in_its_sequence(kind, into):
    arrays, doutput = kind.draw(11, 4, 6, 3, 5, 2)
    arrays[into][2, 1, 0] = np.nan
    for mask in (None, np.ones((6, 3), bool)):
        output, _, cache = kind.forward(arrays, mask)
        assert np.isnan(output[2, 1]).any()
        assert np.isfinite(output[:, [0, 2]]).all()
        grads = kind.backward(doutput, cache)
        assert np.isnan(grads[0][2, 1]).any()
        for grad in grads[:3]:
            assert np.isfinite(grad[:, [0, 2]]).all()


def test_nan_from_above_does_not_reach_masked_keys():
    for kind in KINDS.values():
        arrays, doutput = kind.draw(12, 4, 6, 3, 5, 2)
        mask = masks()["holes"]
        _, _, cache = kind.forward(arrays, mask)
        _, dkey, dvalue, *_ = kind.backward(np.full_like(doutput, np.nan), cache)
        assert np.isnan(dkey[mask]).all()
        assert np.isnan(dvalue[mask]).all()
        assert not dkey[~mask].any()
        assert not dvalue[~mask].any()


def test_parameters_are_drawn_in_the_range_of_torchs_linear():
    params = AdditiveAttentionParams.init(np.random.default_rng(0), 25, 16, 100, dtype=np.float32)
    assert params.dtype == np.float32
    shapes = {name: array.shape for name, array in params.arrays()}
    assert shapes == {
        "weight_query": (100, 25),
        "weight_key": (100, 16),
        "bias": (100,),
        "weight_score": (100,),
    }
    for (_, array), bound in zip(params.arrays(), (0.2, 0.25, 0.25, 0.1), strict=True):
        assert 0.9 * bound < np.abs(array).max() <= bound
        assert array.min() < 0 < array.max()


def wrong_calls():
    (query, key, value), doutput = DotProduct().draw(13, 4, 6, 3, 5, 2)
    mask = np.ones((6, 3), bool)
    small = np.float32
    _, _, cache = dot_product_attention(query, key, value)
    params = AdditiveAttentionParams.init(np.random.default_rng(0), 5, 5, 7)
    _, _, additive_cache = additive_attention(query, key, value, params)
    arrays = dict(params.arrays())

    def dot(query=query, key=key, value=value, mask=None):
        return lambda: dot_product_attention(query, key, value, mask)

    def additive(query=query, key=key, value=value, mask=None):
        return lambda: additive_attention(query, key, value, params, mask)

    def changed(**changes):
        return lambda: AdditiveAttentionParams(**(arrays | changes))

    return {
        "query of one step": (dot(query[0]), r"query must have shape \(Tq, N, D\), got \(3, 5\)"),
        "query of integers": (dot(query.astype(int)), "query must be float32 or float64"),
        "query a list": (dot(query.tolist()), "query must be a NumPy array .* got list"),
        "query of no steps": (dot(query[:0]), "query must have .* every axis"),
        "key of another size": (dot(key=key[..., :4]), r"key must have shape \(Tk, 3, 5\)"),
        "key of another batch": (dot(key=key[:, :1]), r"key must have shape \(Tk, 3, 5\)"),
        "key of other precision": (dot(key=key.astype(small)), "key must be float64 .* float32"),
        "fewer values": (dot(value=value[:5]), r"value must have shape \(6, 3, V\)"),
        "one value for all": (dot(value=value[:, :1]), r"value must have shape \(6, 3, V\)"),
        "value of other precision": (dot(value=value.astype(small)), "value must be float64"),
        "mask batch first": (dot(mask=mask.T), r"mask must have shape \(6, 3\), got \(3, 6\)"),
        "mask of all scores": (dot(mask=np.ones((4, 3, 6), bool)), r"mask must .* \(4, 3, 6\)"),
        "mask of floats": (dot(mask=mask * 1.0), "mask must be bool"),
        "doutput of one step": (
            lambda: dot_product_attention_backward(doutput[0], cache), "doutput must have shape"
        ),
        "doutput of other precision": (
            lambda: dot_product_attention_backward(doutput.astype(small), cache), "doutput must be"
        ),
        "additive query": (additive(query[..., :4]), r"query must have shape \(Tq, N, 5\)"),
        "additive key": (additive(key=key[..., :4]), r"key must have shape \(Tk, 3, 5\)"),
        "additive batch": (additive(key=key[:, :1]), r"key must have shape \(Tk, 3, 5\)"),
        "additive precision": (additive(query.astype(small)), "query must be float64"),
        "additive value": (additive(value=value[:5]), "value must have shape"),
        "additive mask": (additive(mask=mask.T), "mask must have shape"),
        "additive doutput": (
            lambda: additive_attention_backward(doutput[:1], additive_cache), "doutput must have"
        ),
        "weight_query": (changed(weight_query=np.ones(5)), r"weight_query must .* \(A, Dq\)"),
        "weight_key": (changed(weight_key=np.ones((6, 5))), r"weight_key must .* \(7, Dk\)"),
        "bias": (changed(bias=np.ones((7, 1))), r"bias must have shape \(7,\)"),
        "weight_score": (changed(weight_score=np.ones((1, 7))), r"weight_score must .* \(7,\)"),
        "parameters of two precisions": (
            changed(bias=np.ones(7, small)), "bias must be float64 .* float32"
        ),
        "no unit": (
            lambda: AdditiveAttentionParams.init(np.random.default_rng(0), 3, 3, 0),
            "Dq, Dk and A must be at least 1",
        ),
    }  # fmt: skip


@pytest.mark.parametrize("name", wrong_calls())
def test_a_wrong_call_names_the_argument(name):
    wrong, message = wrong_calls()[name]
    with pytest.raises(ValueError, match=message):
        wrong()
