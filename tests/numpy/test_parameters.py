"""Parameter classes: initial values, torch's keys, and what they refuse."""

import numpy as np
import pytest
import torch

from rnncore.numpy import EmbeddingParams, LinearParams, RNNParams, map_arrays, named_arrays


@pytest.fixture
def params():
    return RNNParams.init(np.random.default_rng(0), 3, 5)


def test_arrays_come_by_name_in_torchs_layout(params):
    shapes = {name: array.shape for name, array in params.arrays()}
    assert shapes == {
        "weight_ih": (5, 3), "weight_hh": (5, 5), "bias_ih": (5,), "bias_hh": (5,)
    }  # fmt: skip
    assert list(shapes) == ["weight_ih", "weight_hh", "bias_ih", "bias_hh"]
    assert (params.input_size, params.hidden_size) == (3, 5)


def test_torchs_scheme_is_uniform_within_its_bound():
    params = RNNParams.init(np.random.default_rng(0), 40, 64)
    for _, array in params.arrays():
        assert np.abs(array).max() <= 1 / 8
        assert np.abs(array).max() > 0.9 / 8
        assert array.std() == pytest.approx(1 / 8 / np.sqrt(3), rel=0.15)


def test_orthogonal_and_identity_schemes():
    rng = np.random.default_rng(0)
    orthogonal = RNNParams.init(rng, 3, 6, "orthogonal")
    np.testing.assert_allclose(orthogonal.weight_hh @ orthogonal.weight_hh.T, np.eye(6), atol=1e-14)
    identity = RNNParams.init(rng, 3, 6, "identity", nonlinearity="relu")
    np.testing.assert_array_equal(identity.weight_hh, np.eye(6))
    assert identity.nonlinearity == "relu"
    assert identity.weight_ih.std() < 0.003
    for params in (orthogonal, identity):
        assert not params.bias_ih.any()
        assert not params.bias_hh.any()


def test_orthogonal_matrices_are_drawn_from_all_of_them():
    drawn = [
        RNNParams.init(np.random.default_rng(seed), 1, 4, "orthogonal").weight_hh
        for seed in range(400)
    ]
    assert np.abs(np.mean(drawn, axis=0)).max() < 0.1


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_init_gives_the_asked_precision_and_the_same_seed_the_same_values(dtype):
    def drawn():
        return RNNParams.init(np.random.default_rng(3), 2, 3, dtype=dtype)

    assert drawn().dtype == dtype
    np.testing.assert_array_equal(drawn().weight_hh, drawn().weight_hh)


@pytest.mark.parametrize("layer", [0, 1])
@pytest.mark.parametrize("reverse", [False, True])
def test_state_dict_is_read_by_layer_and_direction(layer, reverse):
    module = torch.nn.RNN(3, 5, num_layers=2, bidirectional=True, nonlinearity="relu")
    params = RNNParams.from_state_dict(
        module.state_dict(), layer, reverse=reverse, nonlinearity="relu"
    )
    suffix = f"_l{layer}" + "_reverse" * reverse
    assert params.nonlinearity == "relu"
    for name, array in params.arrays():
        np.testing.assert_array_equal(array, getattr(module, name + suffix).detach().numpy())
        np.testing.assert_array_equal(params.to_state_dict(layer, reverse)[name + suffix], array)


def test_state_dict_of_a_cell_has_no_suffix_and_loads_too():
    cell = torch.nn.RNNCell(3, 5)
    params = RNNParams.from_state_dict(cell.state_dict())
    np.testing.assert_array_equal(params.weight_hh, cell.weight_hh.detach().numpy())


def test_torch_loads_our_state_dict_strictly(params):
    module = torch.nn.RNN(3, 5, dtype=torch.float64)
    ours = {key: torch.tensor(value) for key, value in params.to_state_dict().items()}
    module.load_state_dict(ours, strict=True)
    np.testing.assert_array_equal(module.weight_ih_l0.detach().numpy(), params.weight_ih)


def test_state_dicts_hold_copies(params):
    params.to_state_dict()["weight_hh_l0"][:] = 0
    assert params.weight_hh.any()
    source = params.to_state_dict()
    read = RNNParams.from_state_dict(source)
    source["weight_hh_l0"][:] = 0
    assert read.weight_hh.any()


WEIGHTS = {"weight_ih": (5, 3), "weight_hh": (5, 5), "bias_ih": (5,), "bias_hh": (5,)}


@pytest.mark.parametrize(
    ("name", "shape", "message"),
    [
        ("weight_ih", (5,), r"weight_ih must have shape \(H, D\), got \(5,\)"),
        ("weight_ih", (5, 0), "at least one entry"),
        ("weight_hh", (5, 4), r"weight_hh must have shape \(5, 5\), got \(5, 4\)"),
        ("bias_ih", (5, 1), r"bias_ih must have shape \(5,\), got \(5, 1\)"),
        ("bias_hh", (1,), r"bias_hh must have shape \(5,\), got \(1,\)"),
    ],
)
def test_a_wrong_shape_is_refused_by_name(name, shape, message):
    arrays = {key: np.zeros(size) for key, size in WEIGHTS.items()}
    with pytest.raises(ValueError, match=message):
        RNNParams(**(arrays | {name: np.zeros(shape)}))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"weight_hh": np.zeros((5, 5), np.float32)}, "weight_hh must be float64"),
        ({"weight_ih": np.zeros((5, 3), int)}, "weight_ih must be float32 or float64, got int64"),
        ({"weight_ih": np.zeros((5, 3), object)}, "got object"),
        ({"bias_ih": None}, "bias_ih must be a NumPy array .* got NoneType"),
        ({"bias_hh": [0.0] * 5}, "got list"),
        ({"nonlinearity": "sigmoid"}, "nonlinearity must be .* got 'sigmoid'"),
    ],
)
def test_a_wrong_type_is_refused_by_name(params, change, message):
    with pytest.raises(ValueError, match=message):
        params.replace(**change)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda rng: RNNParams.init(rng, 0, 3), "D and H must be at least 1, got 0 and 3"),
        (lambda rng: RNNParams.init(rng, 3, -1), "got 3 and -1"),
        (lambda rng: RNNParams.init(rng, 3, 3, "xavier"), "scheme must be .* got 'xavier'"),
        (lambda rng: RNNParams.from_state_dict({}), "must have the key 'weight_ih_l0', got no key"),
        (
            lambda rng: RNNParams.from_state_dict({"weight_ih": np.zeros((2, 2))}, layer=1),
            "'weight_ih_l1'",
        ),
        (lambda rng: LinearParams(np.zeros((2, 3)), np.zeros(3)), r"bias must have shape \(2,\)"),
        (lambda rng: EmbeddingParams(np.zeros(3)), r"weight must have shape \(K, D\)"),
    ],
)
def test_a_wrong_call_says_what_came(call, message):
    with pytest.raises(ValueError, match=message):
        call(np.random.default_rng(0))


def test_parameters_cannot_be_assigned_to(params):
    with pytest.raises(AttributeError):
        params.bias_ih = np.zeros(5)


def test_map_arrays_walks_any_tree_and_keeps_its_structure(params):
    tree = {"cell": params, "rest": [np.ones(2), (np.zeros(3), None)]}
    doubled = map_arrays(lambda a, b: a + b, tree, tree)
    np.testing.assert_array_equal(doubled["cell"].weight_ih, 2 * params.weight_ih)
    np.testing.assert_array_equal(doubled["rest"][0], [2, 2])
    assert type(doubled["rest"][1]) is tuple
    assert doubled["rest"][1][1] is None
    assert [name for name, _ in named_arrays(tree)] == [
        "cell.weight_ih", "cell.weight_hh", "cell.bias_ih", "cell.bias_hh", "rest.0", "rest.1.0"
    ]  # fmt: skip
    assert [name for name, _ in named_arrays(np.ones(1))] == ["array"]


@pytest.mark.parametrize(
    ("tree", "other", "message"),
    [
        (3.0, 3.0, "parameters must be arrays.* got float"),
        (np.ones(2), [1, 1], "one structure, got ndarray beside list"),
        (np.ones(2), np.ones(3), r"shape \(2,\), got \(3,\)"),
        ({"a": np.ones(2)}, {"b": np.ones(2)}, "same keys: a"),
        ([np.ones(2)], [np.ones(2), np.ones(2)], "same length: 1"),
    ],
)
def test_map_arrays_refuses_what_does_not_match(tree, other, message):
    with pytest.raises(ValueError, match=message):
        map_arrays(lambda a, b: a, tree, other)
