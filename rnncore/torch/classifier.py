"""One label for a whole sequence: a recurrent net, pooling over time, a readout."""

from typing import Any

import torch
from torch import Tensor, nn

from rnncore.torch.encoder import Encoder, hidden
from rnncore.torch.losses import cross_entropy

POOLINGS = ("last", "mean", "max")


class Classifier(nn.Module):
    """Logits of K classes for each sequence.

    Parameters
    ----------
    classes : int
        K.
    input_size, hidden_size : int
        D and H.
    pooling : "last", "mean" or "max"
        What the readout sees of the highest layer: its last states (of both directions), or the
        mean or the greatest of each unit over the real steps. Of a sequence without real steps it
        sees zeros.
    **settings
        Of `Encoder`: ``symbols`` for an embedding, ``cell``, ``bidirectional``, ``num_layers`` …

    Raises
    ------
    ValueError
        If the pooling is unknown, and as `Encoder`.
    """

    def __init__(
        self,
        classes: int,
        input_size: int,
        hidden_size: int,
        pooling: str = "last",
        **settings: Any,
    ) -> None:
        if pooling not in POOLINGS:
            raise ValueError(f"pooling must be one of {', '.join(POOLINGS)}, got {pooling!r}")
        super().__init__()
        self.pooling = pooling
        self.encoder = Encoder(input_size, hidden_size, **settings)
        where = {key: settings[key] for key in ("device", "dtype") if key in settings}
        self.readout = nn.Linear(self.encoder.output_size, classes, **where)

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """Return the logits.

        Parameters
        ----------
        x : int64 tensor (T, N), or tensor (T, N, D) without an embedding
        mask : bool tensor (T, N) or None
            True where a step is real.

        Returns
        -------
        logits : tensor (N, K)

        Raises
        ------
        ValueError
            As `Encoder.forward`.
        """
        h, last = self.encoder(x, None, mask)
        if self.pooling == "last":
            directions = self.encoder.output_size // self.encoder.net.hidden_size
            pooled = torch.cat(list(hidden(last)[-directions:]), dim=1)
        else:
            real = h.new_ones(h.shape[:2], dtype=torch.bool) if mask is None else mask
            pooled = _pool(h, real[:, :, None], self.pooling)
        logits: Tensor = self.readout(pooled)
        return logits

    def loss(self, x: Tensor, targets: Tensor, mask: Tensor | None = None) -> Tensor:
        """Return the mean cross-entropy in nats, a tensor (); targets int64 (N,)."""
        return cross_entropy(self(x, mask), targets)


def _pool(h: Tensor, real: Tensor, pooling: str) -> Tensor:
    """Return mean or maximum of h (T, N, H) over the real steps (T, N, 1), 0 if there is none."""
    if pooling == "mean":
        return torch.where(real, h, 0).sum(dim=0) / real.sum(dim=0).clamp(min=1)
    greatest = torch.where(real, h, -torch.inf).amax(dim=0)
    return torch.where(real.any(dim=0), greatest, 0)
