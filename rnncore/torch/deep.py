"""Recurrent layers on top of each other, in one direction of time or in both."""

from typing import Any

import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.nn import functional as F

from rnncore.torch.cell import RecurrentLayer

DeepState = Tensor | tuple[Tensor, Tensor]
"""States of all layers, (L · directions, N, H); for the LSTM a pair of them."""


class Deep(nn.Module):
    """A stack of L layers of one cell, each over the outputs of the one below.

    Its ``state_dict`` and its first numbers under a given seed are those of the ``torch.nn``
    module of the same name and sizes, wherever torch has the cell.

    Parameters
    ----------
    cell : RNN, LSTM or GRU
        The class, not an instance.
    input_size, hidden_size : int
        D and H.
    num_layers : int
        L.
    bidirectional : bool
        Run a second cell backwards in time in every layer; the next layer reads both.
    dropout : float
        Share of the entries dropped between layers while training, in [0, 1): not before the
        first layer and not after the last.
    variational : bool
        Drop the same units at all time steps.
    **settings
        What the cell takes: ``nonlinearity``, ``reset_after``, ``peephole``, ``device``, ``dtype``.

    Raises
    ------
    ValueError
        If the cell is none of these classes, or a number lies outside its range.

    References
    ----------
    M. Schuster and K. Paliwal, "Bidirectional recurrent neural networks", 1997; Y. Gal and
    Z. Ghahramani, "A theoretically grounded application of dropout in recurrent neural networks",
    2016.
    """

    def __init__(
        self,
        cell: type[RecurrentLayer],
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bidirectional: bool = False,
        dropout: float = 0.0,
        variational: bool = False,
        **settings: Any,
    ) -> None:
        if not (isinstance(cell, type) and issubclass(cell, RecurrentLayer)):
            raise ValueError(f"cell must be the class RNN, LSTM or GRU, got {cell!r}")
        if num_layers < 1:
            raise ValueError(f"num_layers must be at least 1, got {num_layers}")
        if not 0 <= dropout < 1:
            raise ValueError(f"dropout must lie in [0, 1), got {dropout}")
        super().__init__()
        self.input_size, self.hidden_size, self.num_layers = input_size, hidden_size, num_layers
        self.bidirectional, self.dropout, self.variational = bidirectional, dropout, variational
        self.output_size = (1 + bidirectional) * hidden_size
        self.states = cell.STATES
        # The equations alone: these cells hold no numbers and are given each layer's when they run.
        no_numbers = {**settings, "device": "meta"}
        self._equations = tuple(
            cell(size, hidden_size, **no_numbers) for size in (input_size, self.output_size)
        )
        for depth in range(num_layers):
            size = input_size if depth == 0 else self.output_size
            for suffix in self._suffixes(depth):
                for name, weight in cell(size, hidden_size, **settings).named_parameters():
                    self.register_parameter(name.replace("_l0", suffix), weight)

    def _suffixes(self, depth: int) -> list[str]:
        return [f"_l{depth}", f"_l{depth}_reverse"][: 1 + self.bidirectional]

    def forward(
        self, x: Tensor, state0: DeepState | None = None, mask: Tensor | None = None
    ) -> tuple[Tensor, DeepState]:
        """Run over a batch of sequences.

        Parameters
        ----------
        x : tensor (T, N, D)
        state0 : tensor (L · directions, N, H), for the LSTM a pair of them, or None
            First states, lowest layer first and forward before backward; None means zeros.
        mask : bool tensor (T, N) or None
            True where a step is real, in any pattern; where False each net carries its state over
            and x may hold anything.

        Returns
        -------
        h : tensor (T, N, directions · H)
            The highest layer's states, forward before backward.
        last : tensor (L · directions, N, H), for the LSTM a pair of them
            A backward net's last state is that of step 0.

        Raises
        ------
        ValueError
            If a shape does not fit.
        """
        first = self._split(state0)
        lasts: list[Any] = []
        h = x
        for depth in range(self.num_layers):
            if depth > 0:
                h = self._drop(h)
            outputs = []
            for suffix in self._suffixes(depth):
                run, last = self._layer(depth, suffix, h, first[len(lasts)], mask)
                outputs.append(run)
                lasts.append(last)
            h = torch.cat(outputs, dim=2)
        if self.states == 1:
            return h, torch.stack(lasts)
        hidden, cells = zip(*lasts, strict=True)
        return h, (torch.stack(hidden), torch.stack(cells))

    def _layer(
        self, depth: int, suffix: str, x: Tensor, state: Any, mask: Tensor | None
    ) -> tuple[Tensor, Any]:
        """Run one cell over the outputs (T, N, any) of the layer below."""
        cell = self._equations[min(depth, 1)]
        names = [name for name, _ in cell.named_parameters()]
        weights = {name: getattr(self, name.replace("_l0", suffix)) for name in names}
        reverse = suffix.endswith("reverse")
        if reverse:
            x, mask = x.flip(0), None if mask is None else mask.flip(0)
        h, last = functional_call(cell, weights, (x, state, mask), strict=True)
        return h.flip(0) if reverse else h, last

    def _drop(self, h: Tensor) -> Tensor:
        if not self.variational:
            return F.dropout(h, self.dropout, self.training)
        return h * F.dropout(torch.ones_like(h[:1]), self.dropout, self.training)

    def _split(self, state0: DeepState | None) -> list[Any]:
        """Split the states of all layers into those of each cell."""
        count = self.num_layers * (1 + self.bidirectional)
        if state0 is None:
            return [None] * count
        parts = state0 if isinstance(state0, tuple) else (state0,)
        if len(parts) != self.states or any(p.ndim != 3 or len(p) != count for p in parts):
            came = ", ".join(str(tuple(part.shape)) for part in parts)
            wanted = "a tensor" if self.states == 1 else "a pair of tensors"
            raise ValueError(
                f"state0 must be {wanted} of shape ({count}, N, {self.hidden_size}), got {came}"
            )
        split = list(zip(*parts, strict=True))
        return [cell[0] for cell in split] if self.states == 1 else split
