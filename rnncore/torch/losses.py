"""Cross-entropy of symbols or labels, with masks."""

import torch
from torch import Tensor
from torch.nn import functional as F


def nats(logits: Tensor, targets: Tensor, mask: Tensor | None = None) -> Tensor:
    """Return -ln p of each target, 0 where masked.

    Parameters
    ----------
    logits : tensor (..., K)
    targets : int64 tensor (...)
        The right class at each place; masked places may hold any number.
    mask : bool tensor (...) or None
        True where a target is real.

    Returns
    -------
    nats : tensor (...)

    Raises
    ------
    ValueError
        If a shape or dtype does not fit, or a real target is no class.
    """
    K = logits.shape[-1]
    if targets.shape != logits.shape[:-1]:
        raise ValueError(
            f"targets must have shape {tuple(logits.shape[:-1])}, got {tuple(targets.shape)}"
        )
    targets = real_ids("targets", targets, K, mask)
    if mask is not None:
        logits = torch.where(mask[..., None], logits, 0)
    loss = F.cross_entropy(logits.reshape(-1, K), targets.reshape(-1), reduction="none")
    loss = loss.reshape(targets.shape)
    return loss if mask is None else torch.where(mask, loss, 0)


def cross_entropy(logits: Tensor, targets: Tensor, mask: Tensor | None = None) -> Tensor:
    """Return the mean of `nats` over the real targets, equation eq-cross-entropy; 0 if none is.

    Parameters, shapes and errors as `nats`; the result is a tensor ().
    """
    loss = nats(logits, targets, mask)
    return loss.mean() if mask is None else loss.sum() / mask.sum().clamp(min=1)


def real_ids(name: str, ids: Tensor, K: int, mask: Tensor | None) -> Tensor:
    """Check ids (...), and set those that are masked to 0.

    Raises
    ------
    ValueError
        If ids are not int64, a real one lies outside 0 to K - 1, or the mask is not bool of
        their shape.
    """
    if ids.dtype != torch.int64:
        raise ValueError(f"{name} must be int64, got {ids.dtype}; convert with .long()")
    if mask is not None:
        if mask.shape != ids.shape or mask.dtype != torch.bool:
            raise ValueError(
                f"mask must be bool of shape {tuple(ids.shape)} like {name}, "
                f"got {mask.dtype} {tuple(mask.shape)}"
            )
        ids = torch.where(mask, ids, 0)
    outside = ids[(ids < 0) | (ids >= K)]
    if len(outside):
        raise ValueError(f"{name} must lie between 0 and {K - 1}, got {outside[0].item()}")
    return ids
