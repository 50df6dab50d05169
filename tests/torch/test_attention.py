"""The torch attentions against the NumPy ones on copied numbers."""

import numpy as np
import pytest
import torch

from rnncore import numpy as theirs
from rnncore import torch as ours
from rnncore.torch.attention import make_attention

TQ, TK, N, D, V, A = 3, 5, 4, 6, 2, 7
EXACT = 1e-10


def draw(key_size=D):
    generator = torch.Generator().manual_seed(0)
    shapes = [(TQ, N, D), (TK, N, key_size), (TK, N, V), (TQ, N, V)]
    return [torch.randn(s, generator=generator, dtype=torch.float64) for s in shapes]


def half_real():
    mask = torch.rand((TK, N), generator=torch.Generator().manual_seed(1)) < 0.6
    mask[:, 1] = False
    return mask


def run(attend, inputs, upstream):
    leaves = [leaf.clone().requires_grad_() for leaf in inputs]
    with torch.autograd.set_detect_anomaly(True):  # no NaN on the way back either
        output, weights = attend(*leaves)
        (output * upstream).sum().backward()
    return output.detach().numpy(), weights.detach().numpy(), [leaf.grad.numpy() for leaf in leaves]


masked = pytest.mark.parametrize("mask", [None, half_real()], ids=["all real", "with holes"])


@masked
@pytest.mark.parametrize("scale", [None, 1.0, 0.3])
@pytest.mark.parametrize("padding", [torch.nan, torch.inf])
def test_dot_attention_and_its_gradients_equal_the_numpy_one(mask, scale, padding):
    *inputs, upstream = draw()
    numpy_mask = None if mask is None else mask.numpy()
    if mask is not None:
        for part in inputs[1:]:
            part[~mask] = padding
    attention = ours.DotAttention(scale)
    output, weights, grads = run(lambda *qkv: attention(*qkv, mask), inputs, upstream)
    expected, expected_weights, cache = theirs.dot_product_attention(
        *(part.numpy() for part in inputs), numpy_mask, scale
    )
    np.testing.assert_allclose(output, expected, rtol=0, atol=EXACT)
    np.testing.assert_allclose(weights, expected_weights, rtol=0, atol=EXACT)
    expected_grads = theirs.dot_product_attention_backward(upstream.numpy(), cache)
    for a, b in zip(grads, expected_grads, strict=True):
        np.testing.assert_allclose(a, b, rtol=0, atol=EXACT)


@masked
@pytest.mark.parametrize("padding", [torch.nan, torch.inf])
def test_additive_attention_and_its_gradients_equal_the_numpy_one(mask, padding):
    *inputs, upstream = draw(key_size=D + 2)
    numpy_mask = None if mask is None else mask.numpy()
    if mask is not None:
        for part in inputs[1:]:
            part[~mask] = padding
    torch.manual_seed(0)
    attention = ours.AdditiveAttention(D, D + 2, A, dtype=torch.float64)
    numbers = {key: value.numpy() for key, value in attention.state_dict().items()}
    params = theirs.AdditiveAttentionParams(**numbers)
    output, weights, grads = run(lambda *qkv: attention(*qkv, mask), inputs, upstream)
    expected, expected_weights, cache = theirs.additive_attention(
        *(part.numpy() for part in inputs), params, numpy_mask
    )
    np.testing.assert_allclose(output, expected, rtol=0, atol=EXACT)
    np.testing.assert_allclose(weights, expected_weights, rtol=0, atol=EXACT)
    *expected_grads, dparams = theirs.additive_attention_backward(upstream.numpy(), cache)
    for a, b in zip(grads, expected_grads, strict=True):
        np.testing.assert_allclose(a, b, rtol=0, atol=EXACT)
    for key, array in dparams.arrays():
        found = getattr(attention, key).grad.numpy()
        np.testing.assert_allclose(found, array, rtol=0, atol=EXACT)


@pytest.mark.parametrize("kind", ["dot", "additive"])
def test_prepared_keys_serve_one_query_at_a_time(kind):
    query, key, value, _ = draw()
    attention = make_attention(kind, D, dtype=torch.float64)
    mask = half_real()
    prepared = attention.prepare(key)
    outputs = [attention.attend(q[None], prepared, value, mask)[0] for q in query]
    expected, _ = attention(query, key, value, mask)
    torch.testing.assert_close(torch.cat(outputs), expected, rtol=0, atol=EXACT)


X = torch.zeros(TQ, N, D)
ADDITIVE = ours.AdditiveAttention(D, D, A)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda: ours.DotAttention()(X, X[..., 1:], X), "query and key must share N and D"),
        (lambda: ours.DotAttention()(X, X[:, 1:], X), "query and key must share N and D"),
        (lambda: ours.DotAttention()(X, X, X[1:]), r"value must have shape \(3, 4, V\), got \(2"),
        (lambda: ours.DotAttention()(X, X, X[0]), r"value must have shape \(3, 4, V\), got \(4"),
        (lambda: ours.DotAttention()(X, X, X, X[..., 0]), "mask must be bool of shape"),
        (lambda: ours.DotAttention()(X, X, X, X[:1, :, 0] > 0), r"bool of shape \(3, 4\)"),
        (lambda: ADDITIVE(X[..., 1:], X, X), r"query must have shape \(Tq, 4, 6\), got"),
        (lambda: ADDITIVE(X[0], X, X), r"query must have shape \(Tq, 4, 6\), got \(4, 6\)"),
        (lambda: ADDITIVE(X, X[..., 1:], X), r"key must have shape \(Tk, N, 6\), got"),
        (lambda: ADDITIVE(X, X, X[1:]), r"value must have shape \(3, 4, V\)"),
        (lambda: ADDITIVE(X, X, X, X[..., 0]), "mask must be bool of shape"),
        (lambda: make_attention("sum", D), 'attention must be "dot" or "additive", got \'sum\''),
    ],
)
def test_a_wrong_call_names_the_argument(wrong, message):
    with pytest.raises(ValueError, match=message):
        wrong()
