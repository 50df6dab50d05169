"""Torch's tensors as arrays, for those who have torch; this library does not import it."""

from __future__ import annotations

import sys
from typing import Any


def is_tensor(value: object) -> bool:
    """Tell whether a value is a tensor or a parameter of torch, by exact type."""
    torch = sys.modules.get("torch")
    tensor = getattr(torch, "Tensor", None)
    parameter = getattr(getattr(torch, "nn", None), "Parameter", None)
    return type(value) is tensor or type(value) is parameter


def tensor_as_array(value: Any, max_bytes: int) -> Any:
    """Copy a tensor that `is_tensor` as an array without its gradient.

    Raises
    ------
    ValueError
        If NumPy has no such array, or it would be too large; the message describes the tensor.
    """
    torch: Any = sys.modules["torch"]
    # Through the class: a student's attributes on the tensor itself are not asked.
    tensor = torch.Tensor.detach(value)
    if tensor.is_nested:
        raise ValueError("a nested tensor")
    name = str(tensor.dtype).removeprefix("torch.")
    what = f"a tensor {tuple(tensor.shape)} of {name}"
    if tensor.device.type != "cpu":
        raise ValueError(f"{what} on the device {tensor.device.type}; move it to the CPU")
    if tensor.layout is not torch.strided:
        raise ValueError(f"{what} that is not a dense array; make it one")
    if tensor.numel() * tensor.element_size() > max_bytes:
        raise ValueError(f"{what}, larger than {max_bytes // 2**20} MiB")
    try:
        return tensor.resolve_conj().resolve_neg().numpy().copy()
    except (TypeError, RuntimeError):
        raise ValueError(f"{what}, a kind that NumPy does not know; convert it first") from None
