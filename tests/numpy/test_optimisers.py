"""Optimisers and clipping against torch's, on a tree of parameters."""

import numpy as np
import pytest
import torch

from rnncore.numpy import (
    SGD,
    Adam,
    LinearParams,
    Momentum,
    RNNParams,
    centred_difference,
    clip_grad_norm,
    gradient_check,
    gradient_error,
    map_arrays,
    named_arrays,
)

PAIRS = {
    "SGD": (SGD(0.1), lambda p: torch.optim.SGD(p, 0.1)),
    "Momentum": (Momentum(0.1, 0.8), lambda p: torch.optim.SGD(p, 0.1, momentum=0.8)),
    "Adam": (
        Adam(0.02, 0.8, 0.99, 1e-6),
        lambda p: torch.optim.Adam(p, 0.02, (0.8, 0.99), 1e-6),
    ),
}


def tree(seed):
    rng = np.random.default_rng(seed)
    return {"cell": RNNParams.init(rng, 3, 4), "out": LinearParams.init(rng, 4, 2)}


@pytest.mark.parametrize("name", PAIRS)
def test_five_steps_equal_torchs(name):
    ours, make = PAIRS[name]
    params, state = tree(0), None
    leaves = [torch.tensor(a.copy(), requires_grad=True) for _, a in named_arrays(params)]
    theirs = make(leaves)
    for step in range(5):
        grads = tree(step + 1)
        params, state = ours.step(params, grads, state)
        for leaf, (_, g) in zip(leaves, named_arrays(grads), strict=True):
            leaf.grad = torch.tensor(g)
        theirs.step()
    for leaf, (key, array) in zip(leaves, named_arrays(params), strict=True):
        np.testing.assert_allclose(
            array, leaf.detach().numpy(), rtol=1e-12, atol=1e-12, err_msg=key
        )


@pytest.mark.parametrize("name", PAIRS)
def test_a_step_is_pure_and_keeps_the_precision(name):
    optimiser, _ = PAIRS[name]
    params = map_arrays(lambda a: a.astype(np.float32), tree(0))
    grads = map_arrays(lambda a: a.astype(np.float32), tree(1))
    before = [a.copy() for _, a in (*named_arrays(params), *named_arrays(grads))]
    once, state = optimiser.step(params, grads)
    twice = optimiser.step(once, grads, state)
    again = optimiser.step(once, grads, state)
    for (_, a), (_, b) in zip(named_arrays(twice[0]), named_arrays(again[0]), strict=True):
        np.testing.assert_array_equal(a, b)
        assert a.dtype == np.float32
    after = [a for _, a in (*named_arrays(params), *named_arrays(grads))]
    for was, now in zip(before, after, strict=True):
        np.testing.assert_array_equal(was, now)


@pytest.mark.parametrize("max_norm", [0.5, 100.0])
def test_clipping_equals_torchs(max_norm):
    grads = tree(3)
    leaves = [torch.tensor(a.copy(), requires_grad=True) for _, a in named_arrays(grads)]
    for leaf in leaves:
        leaf.grad = leaf.detach().clone()
    total = torch.nn.utils.clip_grad_norm_(leaves, max_norm)
    clipped, norm = clip_grad_norm(grads, max_norm)
    assert norm == pytest.approx(total.item(), rel=1e-12)
    for leaf, (_, array) in zip(leaves, named_arrays(clipped), strict=True):
        np.testing.assert_allclose(array, leaf.grad.numpy(), rtol=1e-12)


def test_clipping_lets_nan_through_and_float32_norms_do_not_overflow():
    clipped, norm = clip_grad_norm([np.array([np.nan, 1.0])], 1.0)
    assert np.isnan(norm)
    assert np.isnan(clipped[0]).all()
    assert clip_grad_norm(np.full(4, 1e30, np.float32), 1.0)[1] == pytest.approx(2e30)


@pytest.mark.parametrize("max_norm", [0, -1.0, np.nan])
def test_a_norm_that_is_no_bound_is_refused(max_norm):
    with pytest.raises(ValueError, match="max_norm must be above 0"):
        clip_grad_norm([np.ones(2)], max_norm)


def test_gradient_check_tells_a_right_gradient_from_a_wrong_one():
    params = {"a": np.array([1.0, -2.0]), "b": np.array([[0.5]])}

    def loss(p):
        return float((p["a"] ** 3).sum() * p["b"][0, 0])

    grads = {"a": 3 * params["a"] ** 2 * 0.5, "b": np.array([[-7.0]])}
    errors = gradient_check(loss, params, grads)
    assert set(errors) == {"a", "b"}
    assert max(errors.values()) < 1e-9
    wrong = gradient_check(loss, params, grads | {"b": np.array([[7.0]])})
    assert wrong["a"] < 1e-9
    assert wrong["b"] == pytest.approx(2)


def test_the_error_of_a_centred_difference_is_the_square_of_its_step():
    def cube(a):
        return float((a**3).sum())

    x = np.array([0.5, -0.2])
    np.testing.assert_allclose(centred_difference(cube, x), 3 * x**2, rtol=0, atol=1e-9)
    np.testing.assert_allclose(centred_difference(cube, x, 0.1), 3 * x**2 + 0.01, atol=1e-12)
    assert gradient_check(cube, x, 3 * x**2)["array"] < 1e-9
    assert gradient_check(cube, x, 3 * x**2, 0.1)["array"] == pytest.approx(0.01)


def test_gradient_check_takes_parameter_classes():
    params = tree(0)
    errors = gradient_check(
        lambda p: float(sum((a**2).sum() for _, a in named_arrays(p))),
        params,
        map_arrays(lambda a: 2 * a, params),
    )
    assert set(errors) == {name for name, _ in named_arrays(params)}
    assert max(errors.values()) < 1e-9


def test_gradient_checks_refuse_float32_and_other_shapes():
    with pytest.raises(ValueError, match="needs a float64 array, got float32"):
        centred_difference(lambda a: 0.0, np.ones(2, np.float32))
    with pytest.raises(ValueError, match="got list"):
        centred_difference(lambda a: 0.0, [1.0])
    with pytest.raises(ValueError, match="one shape"):
        gradient_error(np.ones(2), np.ones(3))
    with pytest.raises(ValueError, match="same keys"):
        gradient_check(lambda p: 0.0, {"a": np.ones(2)}, {"b": np.ones(2)})


def test_gradient_error_is_absolute_for_small_entries_and_relative_for_large():
    assert gradient_error(np.array([1e-9]), np.array([0.0])) == pytest.approx(1e-9)
    assert gradient_error(np.array([1e6]), np.array([1e6 + 1])) == pytest.approx(1e-6, rel=1e-3)
