"""Checks of arguments that the torch modules share."""

import torch
from torch import Tensor


def check_mask(mask: Tensor, T: int, N: int) -> None:
    """Raise ValueError unless the mask is bool of shape (T, N)."""
    if mask.shape != (T, N) or mask.dtype != torch.bool:
        raise ValueError(
            f"mask must be bool of shape ({T}, {N}), got {mask.dtype} {tuple(mask.shape)}"
        )
