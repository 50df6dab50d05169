"""Long short-term memory as a torch module, written from its equations."""

from typing import Any

import torch
from torch import Tensor

from rnncore.torch.cell import RecurrentLayer, State


class LSTM(RecurrentLayer):
    """One layer of the LSTM, equations eq-lstm-gates and eq-lstm-states, gates in that order.

    Without peepholes its ``state_dict`` is that of ``torch.nn.LSTM(input_size, hidden_size)``, so
    either loads the other's.

    Parameters
    ----------
    input_size, hidden_size : int
        D and H.
    peephole : bool
        Let the gates see the cell state: i and f the old one, o the new one. The further parameter
        is ``weight_peephole_l0`` (3, H), rows i, f, o.
    **where
        ``device`` and ``dtype`` of the parameters, as in ``torch.nn``.

    References
    ----------
    F. Gers, J. Schmidhuber, F. Cummins, "Learning to forget", 2000; peepholes: F. Gers and
    J. Schmidhuber, "Recurrent nets that time and count", 2000.
    """

    GATES = 4
    STATES = 2
    weight_peephole_l0: Tensor

    def __init__(
        self, input_size: int, hidden_size: int, peephole: bool = False, **where: Any
    ) -> None:
        self.peephole = peephole
        super().__init__(input_size, hidden_size, **where)

    def further_shapes(self) -> dict[str, tuple[int, ...]]:
        """Return the peepholes' shape, if there are any."""
        return {"weight_peephole_l0": (3, self.hidden_size)} if self.peephole else {}

    def step(self, x: Tensor, states: State) -> State:
        """Return the new hidden and cell state, each (N, H), from inputs x (N, D) and the old."""
        h, c = states
        i, f, g, o = self._affine(x, h).chunk(4, dim=1)
        p_i, p_f, p_o = self.weight_peephole_l0.unbind() if self.peephole else (0.0, 0.0, 0.0)
        c_next = torch.sigmoid(f + p_f * c) * c + torch.sigmoid(i + p_i * c) * torch.tanh(g)
        h_next = torch.sigmoid(o + p_o * c_next) * torch.tanh(c_next)
        return h_next, c_next

    def forward(
        self,
        x: Tensor,
        states: tuple[Tensor, Tensor] | None = None,
        mask: Tensor | None = None,
    ) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """Run over a batch of sequences.

        Parameters
        ----------
        x : tensor (T, N, D)
        states : pair of tensors (N, H) or None
            h0 and c0; None means zeros.
        mask : bool tensor (T, N) or None
            As in ``RNN.forward``.

        Returns
        -------
        h : tensor (T, N, H)
            All hidden states.
        last : pair of tensors (N, H)
            The last hidden state and the last cell state.

        Raises
        ------
        ValueError
            If a shape does not fit.
        """
        (h, _), (h_last, c_last) = self.run(x, states, mask)
        return h, (h_last, c_last)
