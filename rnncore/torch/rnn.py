"""The recurrent cell as a torch module, written from its equation."""

import torch
from torch import Tensor, nn


class RNN(nn.Module):
    """One layer of the recurrent cell, equation eq-cell of the book.

    Its ``state_dict`` is that of ``torch.nn.RNN(input_size, hidden_size, nonlinearity)``, so
    either loads the other's.

    Parameters
    ----------
    input_size, hidden_size : int
        D and H.
    nonlinearity : "tanh" or "relu"
    device, dtype
        Of the parameters, as in ``torch.nn``.

    Raises
    ------
    ValueError
        If the nonlinearity is unknown.

    References
    ----------
    J. L. Elman, "Finding structure in time", Cognitive Science 14, 1990.
    """

    weight_ih_l0: Tensor
    weight_hh_l0: Tensor
    bias_ih_l0: Tensor
    bias_hh_l0: Tensor

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        nonlinearity: str = "tanh",
        device: torch.device | str | None = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__()
        if nonlinearity not in ("tanh", "relu"):
            raise ValueError(f'nonlinearity must be "tanh" or "relu", got {nonlinearity!r}')
        self.input_size, self.hidden_size = input_size, hidden_size
        self.nonlinearity = nonlinearity
        bound = hidden_size**-0.5
        for name, shape in {
            "weight_ih_l0": (hidden_size, input_size),
            "weight_hh_l0": (hidden_size, hidden_size),
            "bias_ih_l0": (hidden_size,),
            "bias_hh_l0": (hidden_size,),
        }.items():
            weight = torch.empty(shape, device=device, dtype=dtype).uniform_(-bound, bound)
            self.register_parameter(name, nn.Parameter(weight))

    def step(self, x: Tensor, h: Tensor) -> Tensor:
        """Return the new state (N, H) from inputs x (N, D) and the old state h (N, H)."""
        from_input = x @ self.weight_ih_l0.T + self.bias_ih_l0
        from_state = h @ self.weight_hh_l0.T + self.bias_hh_l0
        a = from_input + from_state
        return torch.tanh(a) if self.nonlinearity == "tanh" else torch.relu(a)

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
        if x.ndim != 3 or x.shape[2] != self.input_size or 0 in x.shape:
            raise ValueError(f"x must have shape (T, N, {self.input_size}), got {tuple(x.shape)}")
        T, N, _ = x.shape
        h = x.new_zeros(N, self.hidden_size) if h0 is None else h0
        if h.shape != (N, self.hidden_size):
            raise ValueError(f"h0 must have shape ({N}, {self.hidden_size}), got {tuple(h.shape)}")
        if mask is not None:
            if mask.shape != (T, N) or mask.dtype != torch.bool:
                raise ValueError(
                    f"mask must be bool of shape ({T}, {N}), got {mask.dtype} {tuple(mask.shape)}"
                )
            x = torch.where(mask[:, :, None], x, 0)
        states = []
        for t in range(T):
            h_next = self.step(x[t], h)
            h = h_next if mask is None else torch.where(mask[t, :, None], h_next, h)
            states.append(h)
        return torch.stack(states), h
