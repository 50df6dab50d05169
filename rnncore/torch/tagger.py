"""A label at every step: a recurrent net and a readout."""

from typing import Any

from torch import Tensor, nn

from rnncore.torch.encoder import Encoder
from rnncore.torch.losses import cross_entropy


class Tagger(nn.Module):
    """Logits of K labels at every step.

    Parameters
    ----------
    labels : int
        K.
    input_size, hidden_size : int
        D and H.
    **settings
        Of `Encoder`: ``symbols`` for an embedding, ``cell``, ``bidirectional``, ``num_layers`` …

    Raises
    ------
    ValueError
        As `Encoder`.
    """

    def __init__(self, labels: int, input_size: int, hidden_size: int, **settings: Any) -> None:
        super().__init__()
        self.encoder = Encoder(input_size, hidden_size, **settings)
        where = {key: settings[key] for key in ("device", "dtype") if key in settings}
        self.readout = nn.Linear(self.encoder.output_size, labels, **where)

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """Return the logits.

        Parameters
        ----------
        x : int64 tensor (T, N), or tensor (T, N, D) without an embedding
        mask : bool tensor (T, N) or None
            True where a step is real.

        Returns
        -------
        logits : tensor (T, N, K)
            At masked steps those of the carried state, which mean nothing.

        Raises
        ------
        ValueError
            As `Encoder.forward`.
        """
        h, _ = self.encoder(x, None, mask)
        logits: Tensor = self.readout(h)
        return logits

    def loss(self, x: Tensor, targets: Tensor, mask: Tensor | None = None) -> Tensor:
        """Return the mean cross-entropy over real steps, a tensor (); targets int64 (T, N)."""
        return cross_entropy(self(x, mask), targets, mask)
