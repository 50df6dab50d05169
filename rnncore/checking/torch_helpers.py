"""The helpers of `run_beside`: what a torch module computes, as arrays and without a verdict."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import numpy as np

from rnncore.checking.plain import MAX_BYTES
from rnncore.checking.tensors import tensor_as_array


def torch_forward_backward(
    module: Any,
    weights: dict[str, Any] | None,
    inputs: tuple[Any, ...],
    upstream: tuple[Any, ...],
    init: tuple[Any, ...] = (),
) -> dict[str, Any]:
    """Run a module forwards and backwards.

    Parameters
    ----------
    module : torch.nn.Module, or what makes one
        A module is copied first; a class or a function is called with ``*init``.
    weights : dict of arrays or None
        Loaded into the module, strictly; None keeps what it has.
    inputs : tuple
        Arrays, None, and tuples of these for states such as ``(h, c)``.
    upstream : tuple
        For each output an array of its shape, the gradient of a loss with respect to it; None
        where the loss does not see the output.
    init : tuple
        What makes the module; not used if ``module`` is one.

    Returns
    -------
    dict
        ``"outputs"``, a tuple of arrays: what came, without its nesting; ``"inputs"``, the
        gradients in the nesting of the inputs, None for whole numbers and for None;
        ``"weights"``, the gradients by parameter name. All gradients are None if outputs and
        upstream differ in number or shapes.

    Notes
    -----
    The module computes in the widest type of the numbers that it is given.
    """
    torch = import_module("torch")
    net = _make(torch, module, init)
    _load(torch, net, weights, [*(weights or {}).values(), *_flat(inputs), *_flat(upstream)])
    fed = _map(inputs, lambda value: _leaf(torch, value))
    with torch.enable_grad():
        outputs = _tensors(torch, net(*fed))
    gradients = _gradients(torch, outputs, upstream, [*_flat(fed), *net.parameters()])
    return {
        "outputs": tuple(_array(output) for output in outputs),
        "inputs": _map(fed, lambda value: gradients.get(id(value))),
        "weights": {name: gradients.get(id(value)) for name, value in net.named_parameters()},
    }


def torch_state_dict(module: Any, init: tuple[Any, ...] = ()) -> dict[str, Any]:
    """Return a module's parameters and buffers as arrays by name.

    Parameters
    ----------
    module, init
        As for `torch_forward_backward`.
    """
    net = _make(import_module("torch"), module, init)
    return {name: _array(value) for name, value in net.state_dict().items()}


def _make(torch: Any, module: Any, init: tuple[Any, ...]) -> Any:
    if isinstance(module, torch.nn.Module):
        return copy.deepcopy(module)
    made = module(*init)
    if not isinstance(made, torch.nn.Module):
        raise TypeError(f"a torch.nn.Module was expected, got {type(made).__name__}")
    return made


def _load(torch: Any, net: Any, weights: dict[str, Any] | None, given: list[Any]) -> None:
    kinds = [value.dtype for value in given if _is_array(value) and value.dtype.kind == "f"]
    if kinds:
        net.to(torch.from_numpy(np.empty(0, np.result_type(*kinds))).dtype)
    if weights is not None:
        net.load_state_dict({name: torch.tensor(value) for name, value in weights.items()})


def _leaf(torch: Any, value: Any) -> Any:
    if not _is_array(value):
        return value
    return torch.tensor(value, requires_grad=value.dtype.kind in "fc")


def _tensors(torch: Any, answer: Any) -> list[Any]:
    outputs = [output for output in _flat(answer) if output is not None]
    for output in outputs:
        if not isinstance(output, torch.Tensor):
            raise TypeError(f"the module gave {type(output).__name__} where a tensor is expected")
    return outputs


def _gradients(
    torch: Any, outputs: list[Any], upstream: tuple[Any, ...], leaves: list[Any]
) -> dict[int, Any]:
    """Return the gradients by the leaves' identity; a leaf that plays no part has zeros."""
    wanted = [leaf for leaf in leaves if getattr(leaf, "requires_grad", False)]
    if not wanted or not _have_shapes(outputs, upstream):
        return {}
    seen = [
        (output, torch.tensor(gradient).to(output.dtype))
        for output, gradient in zip(outputs, upstream, strict=True)
        if gradient is not None and output.requires_grad
    ]
    if not seen:
        return {id(leaf): np.zeros_like(_array(leaf)) for leaf in wanted}
    starts, factors = zip(*seen, strict=True)
    found = torch.autograd.grad(starts, wanted, factors, allow_unused=True, materialize_grads=True)
    return {id(leaf): _array(gradient) for leaf, gradient in zip(wanted, found, strict=True)}


def _have_shapes(outputs: list[Any], upstream: tuple[Any, ...]) -> bool:
    return len(outputs) == len(upstream) and all(
        gradient is None or tuple(output.shape) == gradient.shape
        for output, gradient in zip(outputs, upstream, strict=True)
    )


def _flat(value: Any) -> Iterator[Any]:
    """Walk through nested tuples and lists."""
    if isinstance(value, (tuple, list)):
        for part in value:
            yield from _flat(part)
    else:
        yield value


def _map(value: Any, function: Callable[[Any], Any]) -> Any:
    """Apply a function inside nested tuples and lists."""
    if isinstance(value, (tuple, list)):
        return tuple(_map(part, function) for part in value)
    return function(value)


def _is_array(value: Any) -> bool:
    return isinstance(value, np.ndarray)


def _array(tensor: Any) -> Any:
    return tensor_as_array(tensor, MAX_BYTES)
