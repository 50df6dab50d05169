"""The next symbol of a text: an embedding, a recurrent net, a readout, and sampling."""

from typing import Any

import torch
from torch import Tensor, nn

from rnncore.torch.decoding import sample
from rnncore.torch.deep import DeepState
from rnncore.torch.encoder import Encoder
from rnncore.torch.losses import cross_entropy, nats


class LanguageModel(nn.Module):
    """Logits of the next of K symbols, from all before it.

    Parameters
    ----------
    symbols : int
        K.
    input_size, hidden_size : int
        D of the embedding, and H.
    **settings
        Of `Encoder`: ``cell``, ``num_layers``, ``dropout``, ``variational`` …

    Raises
    ------
    ValueError
        If the net would be bidirectional and so see what it must predict, and as `Encoder`.
    """

    def __init__(self, symbols: int, input_size: int, hidden_size: int, **settings: Any) -> None:
        if settings.get("bidirectional"):
            raise ValueError("bidirectional must be False: a backward net sees the next symbol")
        super().__init__()
        self.encoder = Encoder(input_size, hidden_size, symbols, **settings)
        where = {key: settings[key] for key in ("device", "dtype") if key in settings}
        self.readout = nn.Linear(hidden_size, symbols, **where)

    def forward(
        self, inputs: Tensor, state0: DeepState | None = None, mask: Tensor | None = None
    ) -> tuple[Tensor, DeepState]:
        """Return the logits of what follows each input.

        Parameters
        ----------
        inputs : int64 tensor (T, N)
        state0 : tensor (L, N, H), for the LSTM a pair of them, or None
            Where an earlier piece of the text ended; None means zeros.
        mask : bool tensor (T, N) or None
            True where a step is real.

        Returns
        -------
        logits : tensor (T, N, K)
        last : as ``state0``

        Raises
        ------
        ValueError
            As `Encoder.forward`.
        """
        h, last = self.encoder(inputs, state0, mask)
        return self.readout(h), last

    def loss(
        self,
        inputs: Tensor,
        targets: Tensor,
        state0: DeepState | None = None,
        mask: Tensor | None = None,
    ) -> tuple[Tensor, DeepState]:
        """Return the mean cross-entropy over real targets (T, N), a tensor (), and the last state.

        Raises
        ------
        ValueError
            As `forward`, and if the targets do not fit.
        """
        logits, last = self(inputs, state0, mask)
        return cross_entropy(logits, targets, mask), last

    def nats(
        self,
        inputs: Tensor,
        targets: Tensor,
        state0: DeepState | None = None,
        mask: Tensor | None = None,
    ) -> Tensor:
        """Return -ln p of each target, a tensor (T, N), 0 where masked; arguments as `loss`."""
        return nats(self(inputs, state0, mask)[0], targets, mask)

    @torch.no_grad()
    def generate(
        self,
        prompt: Tensor,
        length: int,
        generator: torch.Generator,
        temperature: float = 1.0,
        top_k: int | None = None,
        top_p: float | None = None,
    ) -> Tensor:
        """Continue texts by sampling one symbol after another, without dropout.

        Parameters
        ----------
        prompt : int64 tensor (T, N)
            What the texts begin with, at least one symbol each.
        length : int
            How many symbols are drawn, at least 1.
        generator : torch.Generator
        temperature, top_k, top_p
            As `next_token_probabilities`.

        Returns
        -------
        ids : int64 tensor (length, N)
            Without the prompt.

        Raises
        ------
        ValueError
            If the length is below 1, and as `forward` and `sample`.
        """
        if length < 1:
            raise ValueError(f"length must be at least 1, got {length}")
        training = self.training
        self.eval()
        try:
            drawn: list[Tensor] = []
            logits, state = self(prompt)
            for _ in range(length):
                if drawn:
                    logits, state = self(drawn[-1][None], state)
                drawn.append(sample(logits[-1], generator, temperature, top_k, top_p))
        finally:
            self.train(training)
        return torch.stack(drawn)
