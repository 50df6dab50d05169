"""minGRU as a torch module, by a scan over time."""

import torch
from torch import Tensor, nn

from rnncore.torch.linear_recurrence import linear_recurrence_scan
from rnncore.torch.validation import check_mask


class MinGRU(nn.Module):
    """One layer of minGRU, equation eq-min-gru.

    Its parameters are ``weight`` (2H, D) and ``bias`` (2H,), first gate z, then candidate.

    Parameters
    ----------
    input_size, hidden_size : int
        D and H.
    device, dtype
        Of the parameters, as in ``torch.nn``.

    References
    ----------
    L. Feng et al., "Were RNNs all we needed?", 2024.
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        device: torch.device | str | None = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__()
        self.input_size, self.hidden_size = input_size, hidden_size
        bound = input_size**-0.5
        weight = torch.empty(2 * hidden_size, input_size, device=device, dtype=dtype)
        self.weight = nn.Parameter(weight.uniform_(-bound, bound))
        bias = torch.empty(2 * hidden_size, device=device, dtype=dtype)
        self.bias = nn.Parameter(bias.uniform_(-bound, bound))

    def step(self, x: Tensor, h: Tensor) -> Tensor:
        """Return the new state (N, H) from inputs x (N, D) and the old state h (N, H)."""
        a_z, candidate = (x @ self.weight.T + self.bias).chunk(2, dim=-1)
        z = torch.sigmoid(a_z)
        return (1 - z) * h + z * candidate

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
        if mask is not None:
            check_mask(mask, *x.shape[:2])
            x = torch.where(mask[:, :, None], x, 0)
        a_z, candidate = (x @ self.weight.T + self.bias).chunk(2, dim=-1)
        z = torch.sigmoid(a_z)
        h = linear_recurrence_scan(1 - z, z * candidate, h0, mask)
        return h, h[-1]
