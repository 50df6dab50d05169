"""What the recurrent modules share: parameters with torch's names, masks, the loop over time."""

import torch
from torch import Tensor, nn

from rnncore.torch.validation import check_mask

State = tuple[Tensor, ...]
"""All states of a cell, each (N, H): one for RNN and GRU, hidden and cell state for the LSTM."""


class RecurrentLayer(nn.Module):
    """One layer of a recurrent cell over a batch of sequences.

    A subclass says how many gates and states it has and writes its equations in ``step``.

    Parameters
    ----------
    input_size, hidden_size : int
        D and H.
    device, dtype
        Of the parameters, as in ``torch.nn``.
    """

    GATES: int
    STATES = 1
    weight_ih_l0: Tensor
    weight_hh_l0: Tensor
    bias_ih_l0: Tensor
    bias_hh_l0: Tensor

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        device: torch.device | str | None = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__()
        self.input_size, self.hidden_size = input_size, hidden_size
        rows = self.GATES * hidden_size
        shapes = {
            "weight_ih_l0": (rows, input_size),
            "weight_hh_l0": (rows, hidden_size),
            "bias_ih_l0": (rows,),
            "bias_hh_l0": (rows,),
            **self.further_shapes(),
        }
        bound = hidden_size**-0.5
        for name, shape in shapes.items():
            weight = torch.empty(shape, device=device, dtype=dtype).uniform_(-bound, bound)
            self.register_parameter(name, nn.Parameter(weight))

    def further_shapes(self) -> dict[str, tuple[int, ...]]:
        """Return names and shapes of parameters beside the usual four."""
        return {}

    def step(self, x: Tensor, states: State) -> State:
        """Return the new states, each (N, H), from inputs (N, D) and the old states."""
        raise NotImplementedError

    def run(
        self, x: Tensor, states: State | None, mask: Tensor | None
    ) -> tuple[list[Tensor], State]:
        """Loop over time and return each state over all steps, (T, N, H), and the last states.

        Raises
        ------
        ValueError
            If a shape does not fit.
        """
        if x.ndim != 3 or x.shape[2] != self.input_size or 0 in x.shape:
            raise ValueError(f"x must have shape (T, N, {self.input_size}), got {tuple(x.shape)}")
        T, N, _ = x.shape
        shape = (N, self.hidden_size)
        current = (x.new_zeros(shape),) * self.STATES if states is None else states
        for name, state in zip(("h0", "c0"), current, strict=False):
            if state.shape != shape:
                raise ValueError(f"{name} must have shape {shape}, got {tuple(state.shape)}")
        if mask is not None:
            check_mask(mask, T, N)
            x = torch.where(mask[:, :, None], x, 0)
        seen = []
        for t in range(T):
            stepped = self.step(x[t], current)
            if mask is not None:
                real = mask[t, :, None]
                stepped = tuple(
                    torch.where(real, new, old) for new, old in zip(stepped, current, strict=True)
                )
            current = stepped
            seen.append(current)
        return [torch.stack(steps) for steps in zip(*seen, strict=True)], current

    def _affine(self, x: Tensor, h: Tensor) -> Tensor:
        from_input = x @ self.weight_ih_l0.T + self.bias_ih_l0
        return from_input + h @ self.weight_hh_l0.T + self.bias_hh_l0
