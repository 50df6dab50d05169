"""The gated recurrent unit in both published forms, as a torch module."""

from typing import Any

import torch
from torch import Tensor

from rnncore.torch.cell import RecurrentLayer, State


class GRU(RecurrentLayer):
    """One layer of the GRU, equation eq-gru, gates in the order r, z, n.

    Its ``state_dict`` is that of ``torch.nn.GRU(input_size, hidden_size)``, so either loads the
    other's; with ``reset_after=False`` the same numbers give another function.

    Parameters
    ----------
    input_size, hidden_size : int
        D and H.
    reset_after : bool
        True: the reset gate multiplies the product W_hn h + b_hn, as ``torch.nn.GRU``. False: it
        multiplies h before the product (Cho et al. 2014).
    **where
        ``device`` and ``dtype`` of the parameters, as in ``torch.nn``.

    References
    ----------
    K. Cho et al., "Learning phrase representations using RNN encoder-decoder", 2014.
    """

    GATES = 3

    def __init__(
        self, input_size: int, hidden_size: int, reset_after: bool = True, **where: Any
    ) -> None:
        super().__init__(input_size, hidden_size, **where)
        self.reset_after = reset_after

    def step(self, x: Tensor, states: State) -> State:
        """Return the new state (N, H) from inputs x (N, D) and the old state."""
        (h,) = states
        H = self.hidden_size
        x_r, x_z, x_n = (x @ self.weight_ih_l0.T + self.bias_ih_l0).chunk(3, dim=1)
        weight_rz, weight_n = self.weight_hh_l0[: 2 * H], self.weight_hh_l0[2 * H :]
        h_r, h_z = (h @ weight_rz.T + self.bias_hh_l0[: 2 * H]).chunk(2, dim=1)
        bias_n = self.bias_hh_l0[2 * H :]
        r, z = torch.sigmoid(x_r + h_r), torch.sigmoid(x_z + h_z)
        if self.reset_after:
            n = torch.tanh(x_n + r * (h @ weight_n.T + bias_n))
        else:
            n = torch.tanh(x_n + (r * h) @ weight_n.T + bias_n)
        return ((1 - z) * n + z * h,)

    def forward(
        self, x: Tensor, h0: Tensor | None = None, mask: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """Run over a batch of sequences; parameters, returns and errors as ``RNN.forward``."""
        (h,), (last,) = self.run(x, None if h0 is None else (h0,), mask)
        return h, last
