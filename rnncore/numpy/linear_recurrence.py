"""The diagonal linear recurrence: step by step, and by a scan that is parallel in time."""

from typing import Any

import numpy as np

from rnncore.numpy.validation import Array, check_float, check_mask

BLOCK_BYTES = 2**19  # of states in one scan: what it makes must stay in the processor's cache


def linear_recurrence_loop(
    a: Array, b: Array, h0: Array | None, mask: Array | None = None
) -> tuple[Array, Any]:
    """Compute h_t = a_t ∘ h_{t-1} + b_t, equation eq-linear-recurrence, a step at a time.

    Parameters
    ----------
    a : array (T, N, H)
        The decays, of any sign; 0 forgets, 1 keeps.
    b : array (T, N, H)
        What is added at each step.
    h0 : array (N, H) or None
        The state before the first step; None means zeros.
    mask : bool array (T, N) or None
        True where a step is real. Where it is False the state is carried over unchanged, and
        ``a`` and ``b`` may hold anything, NaN included.

    Returns
    -------
    h : array (T, N, H)
        All states; ``h[-1]`` is the last real state of each sequence.
    cache
        What `linear_recurrence_backward` needs; it refers to ``a`` and ``h``, so leave these
        unchanged.

    Raises
    ------
    ValueError
        If a shape or dtype does not fit.
    """
    a, b, states, mask = _prepare(a, b, h0, mask)
    _loop(a, b, states)
    return states[1:], (a, states, mask, _loop)


def linear_recurrence_scan(
    a: Array, b: Array, h0: Array | None, mask: Array | None = None
) -> tuple[Array, Any]:
    """Compute what `linear_recurrence_loop` does, many steps at once.

    Two steps in a row are one: decay a₂ a₁, addition a₂ b₁ + b₂. So the states after every
    second step are a recurrence of half the length; each other state is one step from there.
    The work is O(T), the depth within a block of steps the logarithm of its length.

    Parameters
    ----------
    a, b, h0, mask
        As `linear_recurrence_loop`. Products of decays are formed: where |a| is above 1, they
        may overflow before the states do.

    Returns
    -------
    h : array (T, N, H)
    cache
        What `linear_recurrence_backward` needs; it refers to ``a`` and ``h``, so leave these
        unchanged.

    Raises
    ------
    ValueError
        If a shape or dtype does not fit.

    References
    ----------
    G. E. Blelloch, "Prefix sums and their applications", 1990, section 1.4; E. Martin and
    C. Cundy, "Parallelizing linear recurrent neural nets over sequence length", 2018.
    """
    a, b, states, mask = _prepare(a, b, h0, mask)
    _scan_blocks(a, b, states)
    if mask is not None:  # masked states are equal to the last real one but for rounding
        steps = np.arange(1, len(mask) + 1)[:, None]
        last_real = np.maximum.accumulate(np.where(mask, steps, 0), axis=0)
        states[1:] = states[last_real, np.arange(states.shape[1])]
    return states[1:], (a, states, mask, _scan_blocks)


def linear_recurrence_backward(dh: Array, cache: Any) -> tuple[Array, Array, Array]:
    """Go back through time, by a loop or a scan as the forward did.

    The gradient that reaches h_t in all is g_t = dh_t + a_{t+1} ∘ g_{t+1}: a linear recurrence
    too, from the last step to the first.

    Parameters
    ----------
    dh : array (T, N, H)
        ``dh[t]`` is the gradient of the loss with respect to the output at t; a gradient into the
        last state adds to ``dh[-1]``.
    cache
        From `linear_recurrence_loop` or `linear_recurrence_scan`; it stays as it is and serves
        again.

    Returns
    -------
    da, db : array (T, N, H)
        Zero where a step is masked.
    dh0 : array (N, H)

    Raises
    ------
    ValueError
        If the shape or dtype of ``dh`` is not that of the states.
    """
    a, states, mask, run = cache
    check_float("dh", dh, a.shape, a.dtype)
    reaching = np.empty_like(states[1:])
    reaching[-1] = dh[-1]
    run(a[:0:-1], dh[:-1][::-1], reaching[::-1])
    dh0 = a[0] * reaching[0]
    da = reaching * states[:-1]
    if mask is not None:
        np.copyto(da, 0, where=~mask[..., None])
        np.copyto(reaching, 0, where=~mask[..., None])
    return da, reaching, dh0


def _prepare(
    a: Array, b: Array, h0: Array | None, mask: Array | None
) -> tuple[Array, Array, Array, Array | None]:
    """Check the arguments, make masked steps a = 1 and b = 0, and put h0 before T free states."""
    T, N, H = check_float("a", a, ("T", "N", "H")).shape
    check_float("b", b, a.shape, a.dtype)
    mask = check_mask(mask, (T, N))
    if mask is not None:
        a = np.where(mask[..., None], a, a.dtype.type(1))
        b = np.where(mask[..., None], b, b.dtype.type(0))
    states = np.empty((T + 1, N, H), a.dtype)
    states[0] = 0 if h0 is None else check_float("h0", h0, (N, H), a.dtype)
    return a, b, states, mask


def _loop(a: Array, b: Array, states: Array) -> None:
    """Fill states[1:] from states[0]."""
    for t in range(len(a)):
        np.multiply(a[t], states[t], out=states[t + 1])
        states[t + 1] += b[t]


def _scan_blocks(a: Array, b: Array, states: Array) -> None:
    """Fill states[1:] from states[0] by one scan after another."""
    steps = max(1, BLOCK_BYTES // states[0].nbytes)
    for start in range(0, len(a), steps):
        stop = start + steps
        _scan(a[start:stop], b[start:stop], states[start : stop + 1])


def _scan(a: Array, b: Array, states: Array) -> None:
    """Fill states[1:] from states[0] by halving the number of steps."""
    pairs = len(a) // 2
    if pairs:
        a_1, a_2 = a[: 2 * pairs : 2], a[1 : 2 * pairs : 2]
        b_1, b_2 = b[: 2 * pairs : 2], b[1 : 2 * pairs : 2]
        b_both = a_2 * b_1
        b_both += b_2
        _scan(a_2 * a_1, b_both, states[::2])
    single = states[1::2]
    np.multiply(a[::2], states[:-1:2], out=single)
    single += b[::2]
