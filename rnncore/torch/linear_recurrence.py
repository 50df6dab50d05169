"""The diagonal linear recurrence in torch: step by step, and by a scan parallel in time."""

import torch
from torch import Tensor

from rnncore.torch.validation import check_mask


def linear_recurrence_loop(
    a: Tensor, b: Tensor, h0: Tensor | None = None, mask: Tensor | None = None
) -> Tensor:
    """Compute h_t = a_t ∘ h_{t-1} + b_t one step after another.

    Parameters
    ----------
    a : tensor (T, N, H)
        The decays, of any sign; 0 forgets, 1 keeps.
    b : tensor (T, N, H)
        What is added at each step.
    h0 : tensor (N, H) or None
        The state before the first step; None means zeros.
    mask : bool tensor (T, N) or None
        True where a step is real. Where it is False the state is carried over unchanged, and
        ``a`` and ``b`` may hold anything, NaN included.

    Returns
    -------
    h : tensor (T, N, H)
        All states; ``h[-1]`` is the last real state of each sequence.

    Raises
    ------
    ValueError
        If a shape or dtype does not fit.
    """
    a, b, h = _prepare(a, b, h0, mask)
    states = []
    for a_t, b_t in zip(a, b, strict=True):
        h = a_t * h + b_t
        states.append(h)
    return torch.stack(states)


def linear_recurrence_scan(
    a: Tensor, b: Tensor, h0: Tensor | None = None, mask: Tensor | None = None
) -> Tensor:
    """Compute what `linear_recurrence_loop` does in O(T) work and O(log T) depth.

    Two steps in a row are one: decay a₂ a₁, addition a₂ b₁ + b₂. So the states after every
    second step are a recurrence of half the length; each other state is one step from there.

    Parameters
    ----------
    a, b, h0, mask
        As `linear_recurrence_loop`. Products of decays are formed: where |a| is above 1, they
        may overflow before the states do.

    Returns
    -------
    h : tensor (T, N, H)

    Raises
    ------
    ValueError
        If a shape or dtype does not fit.

    References
    ----------
    G. E. Blelloch, "Prefix sums and their applications", 1990, section 1.4; E. Martin and
    C. Cundy, "Parallelizing linear recurrent neural nets over sequence length", 2018.
    """
    a, b, h0 = _prepare(a, b, h0, mask)
    h = _scan(a, b, h0)
    if mask is None:
        return h
    # Masked states are equal to the last real one but for rounding.
    T, N = mask.shape
    steps = torch.arange(1, T + 1, device=mask.device)[:, None]
    last_real = torch.where(mask, steps, 0).cummax(dim=0).values
    return torch.cat((h0[None], h))[last_real, torch.arange(N, device=mask.device)]


def _prepare(
    a: Tensor, b: Tensor, h0: Tensor | None, mask: Tensor | None
) -> tuple[Tensor, Tensor, Tensor]:
    """Check the arguments, make masked steps a = 1 and b = 0, and no state zeros."""
    if a.ndim != 3 or 0 in a.shape:
        raise ValueError(f"a must have shape (T, N, H), got {tuple(a.shape)}")
    T, N, H = a.shape
    h0 = a.new_zeros(N, H) if h0 is None else h0
    for name, tensor, shape in (("b", b, (T, N, H)), ("h0", h0, (N, H))):
        if tensor.shape != shape or tensor.dtype != a.dtype:
            raise ValueError(
                f"{name} must be {a.dtype} of shape {shape}, "
                f"got {tensor.dtype} {tuple(tensor.shape)}"
            )
    if mask is not None:
        check_mask(mask, T, N)
        a, b = torch.where(mask[..., None], a, 1), torch.where(mask[..., None], b, 0)
    return a, b, h0


def _scan(a: Tensor, b: Tensor, h0: Tensor) -> Tensor:
    """Return all states by halving the number of steps."""
    if len(a) == 1:
        return a * h0 + b
    pairs = len(a) // 2
    a_1, a_2 = a[: 2 * pairs : 2], a[1 : 2 * pairs : 2]
    b_1, b_2 = b[: 2 * pairs : 2], b[1 : 2 * pairs : 2]
    after_pairs = _scan(a_2 * a_1, a_2 * b_1 + b_2, h0)
    before_pairs = torch.cat((h0[None], after_pairs))[: len(a) - pairs]
    single = a[::2] * before_pairs + b[::2]
    woven = torch.stack((single[:pairs], after_pairs), dim=1).flatten(0, 1)
    return woven if len(woven) == len(a) else torch.cat((woven, single[pairs:]))
