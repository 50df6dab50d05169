"""Tensors come in as arrays, by exact type; whatever NumPy has no array for does not."""

import numpy as np
import pytest
import torch

from rnncore.checking import CheckFailed, check
from rnncore.checking.plain import NotPlain, plain

X = torch.arange(6.0, dtype=torch.float64).reshape(2, 3)


class Liar(torch.Tensor):
    @classmethod
    def __torch_function__(cls, function, types, args=(), kwargs=None):
        raise AssertionError("asked")


@pytest.mark.parametrize(
    "tensor",
    [
        X,
        X.clone().requires_grad_(),
        X.clone().requires_grad_() * 1,
        torch.nn.Parameter(X),
        X.T.contiguous().T,
        X.to(torch.complex128).conj().conj(),
    ],
)
def test_a_tensor_is_its_array(tensor):
    array = plain({"x": (tensor,)})["x"][0]
    assert type(array) is np.ndarray
    check("tensor", tensor, X.numpy().astype(array.dtype))


def test_the_array_is_a_copy_and_keeps_its_type():
    tensor = torch.ones(2, dtype=torch.float32)
    array = plain(tensor)
    tensor.zero_()
    assert array.tolist() == [1, 1]
    assert array.dtype == np.float32
    assert plain(torch.tensor([1j]).conj()).tolist() == [-1j]
    assert plain(torch.tensor(2)).shape == ()
    check("a number", torch.tensor(2), 2)


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (lambda: X.to(torch.bfloat16), r"a tensor \(2, 3\) of bfloat16, a kind that NumPy"),
        (lambda: X.to("meta"), "on the device meta"),
        (X.to_sparse, "not a dense array"),
        (lambda: torch.nested.nested_tensor([X, X[:1]]), "a nested tensor"),
        (lambda: torch.zeros(1).expand(2**20, 2**20), "larger than 64 MiB"),
        (lambda: X.as_subclass(Liar), "a Liar"),
        (lambda: torch.nn.Linear(1, 1), "a Linear"),
    ],
)
@pytest.mark.filterwarnings("ignore:.*prototype")
def test_what_has_no_array_is_named(make, what):
    tensor = make()
    assert type(plain(tensor)) is NotPlain
    with pytest.raises(CheckFailed, match=what):
        check("tensor", tensor, X.numpy())


def test_an_attribute_on_a_tensor_is_not_asked():
    tensor = X.clone()
    tensor.detach = tensor.numpy = lambda: np.zeros((2, 3))
    assert np.array_equal(plain(tensor), X.numpy())
