"""A recurrent decoder that attends to the states of an encoder."""

from typing import Any

import torch
from torch import Tensor, nn

from rnncore.torch.attention import make_attention
from rnncore.torch.cell import RecurrentLayer
from rnncore.torch.deep import Deep
from rnncore.torch.losses import real_ids

DecoderState = tuple[tuple[Tensor, ...], Tensor, Tensor, Tensor]
"""The decoder's states, each (N, H); values (N, Ts, H), keys (N, Ts, any) and mask (N, Ts)."""


class AttentionDecoder(nn.Module):
    """Logits of K symbols from those before and from what attention finds.

    The cell's state s_t reads the symbol before; with the context c_t, what attention finds for
    the query s_t, the logits are W tanh(W_c [c_t; s_t]).

    Parameters
    ----------
    symbols : int
        K.
    input_size, hidden_size : int
        D of the embedding, and H of states, keys and values.
    attention : "dot" or "additive"
    cell : RNN, LSTM or GRU
    **settings
        Of the cell: ``reset_after``, ``peephole``, ``device``, ``dtype`` …

    Raises
    ------
    ValueError
        If the attention is unknown, and as `Deep`.

    References
    ----------
    M.-T. Luong, H. Pham, C. D. Manning, "Effective approaches to attention-based neural machine
    translation", 2015, equation 5.
    """

    def __init__(
        self,
        symbols: int,
        input_size: int,
        hidden_size: int,
        attention: str,
        cell: type[RecurrentLayer],
        **settings: Any,
    ) -> None:
        super().__init__()
        where = {key: settings[key] for key in ("device", "dtype") if key in settings}
        self.embedding = nn.Embedding(symbols, input_size, **where)
        self.net = Deep(cell, input_size, hidden_size, **settings)
        self.attention = make_attention(attention, hidden_size, **where)
        self.combine = nn.Linear(2 * hidden_size, hidden_size, **where)
        self.readout = nn.Linear(hidden_size, symbols, **where)

    def start(self, states: tuple[Tensor, ...], memory: Tensor, mask: Tensor) -> DecoderState:
        """Return the state before the first symbol.

        Every tensor in it has the batch first, as a beam search wants it.

        Parameters
        ----------
        states : tuple of tensors (N, H)
            The cell's first states.
        memory : tensor (Ts, N, H)
            What attention looks at.
        mask : bool tensor (Ts, N)
        """
        keys = self.attention.prepare(memory)
        return states, memory.transpose(0, 1), keys.transpose(0, 1), mask.T

    def forward(self, ids: Tensor, state: DecoderState) -> tuple[Tensor, DecoderState, Tensor]:
        """Read target symbols and score what follows each.

        Parameters
        ----------
        ids : int64 tensor (T, N)
        state
            From `EncoderDecoder.encode`, or as this returned it.

        Returns
        -------
        logits : tensor (T, N, K)
        state
            After the last symbol.
        weights : tensor (T, N, Ts)
            Of the attention.

        Raises
        ------
        ValueError
            If an id is no target symbol.
        """
        states, memory, keys, real = state
        x = self.embedding(real_ids("ids", ids, self.embedding.num_embeddings, None))
        first = tuple(part[None] for part in states)
        h, last = self.net(x, first if len(first) > 1 else first[0])
        parts = last if isinstance(last, tuple) else (last,)
        context, weights = self.attention.attend(
            h, keys.transpose(0, 1), memory.transpose(0, 1), real.T
        )
        logits = self.readout(torch.tanh(self.combine(torch.cat((context, h), dim=2))))
        return logits, (tuple(part[0] for part in parts), memory, keys, real), weights

    def step(self, ids: Tensor, state: DecoderState) -> tuple[Tensor, DecoderState]:
        """Return logits (N, K) and the next state from the last symbols (N,): for beam search."""
        logits, state, _ = self(ids[None], state)
        return logits[0], state
