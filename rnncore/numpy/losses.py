"""Losses over the steps of a sequence."""

import numpy as np

from rnncore.numpy.activations import log_softmax
from rnncore.numpy.validation import Array, check_array, check_float, check_ids, check_mask


def softmax_cross_entropy(
    logits: Array, targets: Array, mask: Array | None = None
) -> tuple[float, Array]:
    """Return the mean cross entropy of the targets in nats, and its gradient at the logits.

    Parameters
    ----------
    logits : array (..., K)
        Scores before the softmax, usually (T, N, K).
    targets : int array (...)
        The right class at each place, 0 to K - 1. Masked places may hold any number.
    mask : bool array (...) or None
        True where a target is real. Masked places count for nothing, whatever their logits are.

    Returns
    -------
    loss : float
        Mean over the real targets, equation eq-cross-entropy; 0 if there is none.
    dlogits : array (..., K)
        (softmax - one-hot) / number of real targets; zero where masked.

    Raises
    ------
    ValueError
        If shapes do not fit, or a real target is no class.
    """
    if not isinstance(logits, np.ndarray) or logits.ndim < 2:
        raise ValueError(
            "logits must be an array of shape (..., K) with at least two axes, "
            f"got {getattr(logits, 'shape', type(logits).__name__)}"
        )
    check_float("logits", logits, (*["any"] * (logits.ndim - 1), "K"))
    *places, K = logits.shape
    check_array("targets", targets, tuple(places))
    mask = check_mask(mask, tuple(places))
    check_ids("targets", targets, K, mask)
    if mask is not None:
        logits = np.where(mask[..., None], logits, logits.dtype.type(0))
        targets = np.where(mask, targets, 0)
    real = targets.size if mask is None else int(mask.sum())
    if real == 0:
        return 0.0, np.zeros_like(logits)

    log_probabilities = log_softmax(logits)
    chosen = np.take_along_axis(log_probabilities, targets[..., None], axis=-1)
    dlogits = np.exp(log_probabilities)
    np.put_along_axis(dlogits, targets[..., None], np.exp(chosen) - 1, axis=-1)
    if mask is not None:
        chosen = np.where(mask[..., None], chosen, 0)
        dlogits *= mask[..., None]
    dlogits /= real
    return float(-chosen.sum(dtype=np.float64) / real), dlogits
