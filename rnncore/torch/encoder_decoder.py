"""From one sequence of symbols to another: encoder, attention, decoder, and how it decodes."""

from typing import Any

import torch
from torch import Tensor, nn

from rnncore.torch.cell import RecurrentLayer
from rnncore.torch.decoder import AttentionDecoder, DecoderState
from rnncore.torch.encoder import Encoder
from rnncore.torch.gru import GRU
from rnncore.torch.losses import cross_entropy, real_ids
from rnncore.torch.validation import check_mask


class EncoderDecoder(nn.Module):
    """A recurrent encoder, and a recurrent decoder that attends to the encoder's states.

    Parameters
    ----------
    source_symbols, target_symbols : int
        Sizes of the vocabularies.
    input_size, hidden_size : int
        D of both embeddings, and H.
    start, end : int
        The target symbols that stand before a sequence and that end it.
    attention : "dot" or "additive"
    cell : RNN, LSTM or GRU
        Of encoder and decoder.
    bidirectional : bool
        Of the encoder.
    **settings
        Of the cells: ``reset_after``, ``peephole``, ``device``, ``dtype`` …

    Raises
    ------
    ValueError
        If the attention is unknown, ``start`` or ``end`` is no target symbol, and as `Encoder`.

    References
    ----------
    I. Sutskever, O. Vinyals, Q. Le, "Sequence to sequence learning with neural networks", 2014;
    scheduled sampling: S. Bengio et al., "Scheduled sampling for sequence prediction with
    recurrent neural networks", 2015.
    """

    def __init__(
        self,
        source_symbols: int,
        target_symbols: int,
        input_size: int,
        hidden_size: int,
        start: int,
        end: int,
        attention: str = "additive",
        cell: type[RecurrentLayer] = GRU,
        bidirectional: bool = True,
        **settings: Any,
    ) -> None:
        for name, symbol in (("start", start), ("end", end)):
            if not 0 <= symbol < target_symbols:
                raise ValueError(f"{name} must lie in [0, {target_symbols}), got {symbol}")
        if settings.get("num_layers", 1) != 1:
            raise ValueError(f"num_layers must be 1 here, got {settings['num_layers']}")
        super().__init__()
        self.start, self.end, self.target_symbols = start, end, target_symbols
        where = {key: settings[key] for key in ("device", "dtype") if key in settings}
        sizes = input_size, hidden_size
        self.encoder = Encoder(
            *sizes, source_symbols, cell, bidirectional=bidirectional, **settings
        )
        self.decoder = AttentionDecoder(target_symbols, *sizes, attention, cell, **settings)
        read, states = self.encoder.output_size, self.encoder.net.states
        self.memory = nn.Linear(read, hidden_size, **where)
        self.bridges = nn.ModuleList(nn.Linear(read, hidden_size, **where) for _ in range(states))

    def encode(self, source: Tensor, mask: Tensor | None = None) -> DecoderState:
        """Return the decoder's first state; source int64 (Ts, N), mask bool (Ts, N) or None."""
        h, last = self.encoder(source, None, mask)
        parts = last if isinstance(last, tuple) else (last,)
        states = tuple(
            torch.tanh(bridge(torch.cat(list(part), dim=1)))
            for bridge, part in zip(self.bridges, parts, strict=True)
        )
        real = torch.ones_like(source, dtype=torch.bool) if mask is None else mask
        return self.decoder.start(states, self.memory(h), real)

    def step(self, ids: Tensor, state: DecoderState) -> tuple[Tensor, DecoderState]:
        """Return logits (N, K) and the next state from the last symbols (N,): for beam search."""
        return self.decoder.step(ids, state)

    def forward(
        self,
        source: Tensor,
        target: Tensor,
        source_mask: Tensor | None = None,
        target_mask: Tensor | None = None,
        sampling: float = 0.0,
        generator: torch.Generator | None = None,
    ) -> Tensor:
        """Return the logits of each target symbol, given those before it.

        Parameters
        ----------
        source : int64 tensor (Ts, N)
        target : int64 tensor (T, N)
            With the end and without the start.
        source_mask : bool tensor (Ts, N) or None
            In any pattern.
        target_mask : bool tensor (T, N) or None
            Its padding stands after the target.
        sampling : float
            The probability, for each symbol by itself, that the decoder reads one drawn from its
            own distribution instead of the true one; 0 is teacher forcing.
        generator : torch.Generator or None
            Needed with sampling.

        Returns
        -------
        logits : tensor (T, N, K)

        Raises
        ------
        ValueError
            If an argument does not fit.
        """
        if not 0 <= sampling <= 1:
            raise ValueError(f"sampling must lie in [0, 1], got {sampling}")
        if sampling and generator is None:
            raise ValueError(f"sampling of {sampling} needs generator, a torch.Generator")
        if target.ndim != 2 or target.shape[1] != source.shape[-1] or 0 in target.shape:
            raise ValueError(
                f"target must have shape (T, {source.shape[-1]}), got {tuple(target.shape)}"
            )
        if target_mask is not None:
            check_mask(target_mask, *target.shape)
            if (target_mask[1:] & ~target_mask[:-1]).any():
                raise ValueError("target_mask must be False only after the target, got holes")
        target = real_ids("target", target, self.target_symbols, target_mask)
        state = self.encode(source, source_mask)
        inputs = torch.cat((torch.full_like(target[:1], self.start), target[:-1]))
        if not sampling:
            forced: Tensor = self.decoder(inputs, state)[0]
            return forced
        ids, scores = inputs[0], []
        for true in (*inputs[1:], inputs[0]):  # what the last step would hand on is not read
            logits, state = self.step(ids, state)
            scores.append(logits)
            chances = torch.softmax(logits, dim=1)
            drawn = torch.multinomial(chances, 1, generator=generator)[:, 0]
            coins = torch.rand(len(true), generator=generator, device=true.device)
            ids = torch.where(coins < sampling, drawn, true)
        return torch.stack(scores)

    def loss(
        self,
        source: Tensor,
        target: Tensor,
        source_mask: Tensor | None = None,
        target_mask: Tensor | None = None,
        sampling: float = 0.0,
        generator: torch.Generator | None = None,
    ) -> Tensor:
        """Return the mean cross-entropy over real targets, a tensor (); arguments as `forward`."""
        logits = self(source, target, source_mask, target_mask, sampling, generator)
        return cross_entropy(logits, target, target_mask)

    @torch.no_grad()
    def greedy(
        self, source: Tensor, mask: Tensor | None = None, max_length: int = 100
    ) -> list[list[int]]:
        """Decode by the most likely symbol at each step, without the start and the end.

        Raises
        ------
        ValueError
            If ``max_length`` is below 1, and as `forward`.
        """
        if max_length < 1:
            raise ValueError(f"max_length must be at least 1, got {max_length}")
        state = self.encode(source, mask)
        ids = torch.full_like(source[0], self.start)
        found: list[list[int]] = [[] for _ in ids]
        running = set(range(len(ids)))
        for _ in range(max_length):
            logits, state = self.step(ids, state)
            ids = logits.argmax(dim=1)
            running -= {n for n in running if ids[n] == self.end}
            for n in running:
                found[n].append(int(ids[n]))
            if not running:
                break
        return found
