"""Symbols or vectors into the states of a recurrent net: the lower part of every model here."""

from typing import Any

from torch import Tensor, nn

from rnncore.torch.cell import RecurrentLayer
from rnncore.torch.deep import Deep, DeepState
from rnncore.torch.losses import real_ids
from rnncore.torch.lstm import LSTM


class Encoder(nn.Module):
    """An embedding, where the inputs are symbols, and a `Deep` net.

    Parameters
    ----------
    input_size, hidden_size : int
        D, of the vectors or of the embedding, and H.
    symbols : int or None
        The size of the vocabulary; None: the inputs are vectors.
    cell : RNN, LSTM or GRU
    **settings
        Of `Deep` and of the cell.

    Raises
    ------
    ValueError
        If ``symbols`` is below 1, and as `Deep`.
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        symbols: int | None = None,
        cell: type[RecurrentLayer] = LSTM,
        **settings: Any,
    ) -> None:
        if symbols is not None and symbols < 1:
            raise ValueError(f"symbols must be at least 1 or None, got {symbols}")
        super().__init__()
        where = {key: settings[key] for key in ("device", "dtype") if key in settings}
        self.embedding = None if symbols is None else nn.Embedding(symbols, input_size, **where)
        self.net = Deep(cell, input_size, hidden_size, **settings)
        self.output_size = self.net.output_size

    def forward(
        self, x: Tensor, state0: DeepState | None = None, mask: Tensor | None = None
    ) -> tuple[Tensor, DeepState]:
        """Run over a batch of sequences.

        Parameters
        ----------
        x : int64 tensor (T, N), or tensor (T, N, D) without an embedding
            Masked places may hold anything.
        state0, mask
            As `Deep.forward`.

        Returns
        -------
        h, last
            As `Deep.forward`.

        Raises
        ------
        ValueError
            If a shape or dtype does not fit, or a real symbol is not in the vocabulary.
        """
        if self.embedding is not None:
            if x.ndim != 2:
                raise ValueError(f"x must be symbols of shape (T, N), got {tuple(x.shape)}")
            x = self.embedding(real_ids("x", x, self.embedding.num_embeddings, mask))
        h, last = self.net(x, state0, mask)
        return h, last


def hidden(state: DeepState) -> Tensor:
    """Return the hidden states, without the LSTM's cell states."""
    return state[0] if isinstance(state, tuple) else state
