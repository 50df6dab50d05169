"""The recurrent cell as a torch module, written from its equation."""

from typing import Any

import torch
from torch import Tensor

from rnncore.torch.cell import RecurrentLayer, State


class RNN(RecurrentLayer):
    """One layer of the recurrent cell, equation eq-cell of the book.

    Its ``state_dict`` is that of ``torch.nn.RNN(input_size, hidden_size, nonlinearity)``, so
    either loads the other's.

    Parameters
    ----------
    input_size, hidden_size : int
        D and H.
    nonlinearity : "tanh" or "relu"
    **where
        ``device`` and ``dtype`` of the parameters, as in ``torch.nn``.

    Raises
    ------
    ValueError
        If the nonlinearity is unknown.

    References
    ----------
    J. L. Elman, "Finding structure in time", Cognitive Science 14, 1990.
    """

    GATES = 1

    def __init__(
        self, input_size: int, hidden_size: int, nonlinearity: str = "tanh", **where: Any
    ) -> None:
        if nonlinearity not in ("tanh", "relu"):
            raise ValueError(f'nonlinearity must be "tanh" or "relu", got {nonlinearity!r}')
        super().__init__(input_size, hidden_size, **where)
        self.nonlinearity = nonlinearity

    def step(self, x: Tensor, states: State) -> State:
        """Return the new state (N, H) from inputs x (N, D) and the old state."""
        a = self._affine(x, states[0])
        return (torch.tanh(a) if self.nonlinearity == "tanh" else torch.relu(a),)

    def forward(
        self, x: Tensor, h0: Tensor | None = None, mask: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """Run over a batch of sequences.

        Parameters
        ----------
        x : tensor (T, N, D)
        h0 : tensor (N, H) or None
            None means zeros.
        mask : bool tensor (T, N) or None
            True where a step is real; where False the state is carried over and x may hold
            anything.

        Returns
        -------
        h : tensor (T, N, H)
            All states.
        last : tensor (N, H)
            The last of them.

        Raises
        ------
        ValueError
            If a shape does not fit.
        """
        (h,), (last,) = self.run(x, None if h0 is None else (h0,), mask)
        return h, last
