"""Two cells over the same sequence, one forwards and one backwards in time."""

from typing import Any

import numpy as np

from rnncore.numpy.parameters import CellParams
from rnncore.numpy.sequence import State, sequence_backward, sequence_forward, split_states
from rnncore.numpy.trees import map_arrays
from rnncore.numpy.validation import Array, check_array, check_float


def bidirectional_forward(
    x: Array,
    state0: State | None,
    forward: CellParams,
    backward: CellParams,
    mask: Array | None = None,
) -> tuple[Array, State, Any]:
    """Run one cell from the first step to the last and another from the last to the first.

    Parameters
    ----------
    x : array (T, N, D)
    state0 : array (2, N, H), for the LSTM a pair of them, or None
        First states of the forward and of the backward net; None means zeros.
    forward, backward : RNNParams, LSTMParams or GRUParams
        Of one class and of the same sizes.
    mask : bool array (T, N) or None
        As for one cell. The backward net carries its state over masked steps too, so padding on
        either side changes no real output.

    Returns
    -------
    h : array (T, N, 2H)
        The forward net's states, then the backward net's.
    last : array (2, N, H), for the LSTM a pair of them
        The forward net's last state is that of step T - 1, the backward net's that of step 0.
    cache
        What `bidirectional_backward` needs.

    Raises
    ------
    ValueError
        If a shape or dtype does not fit, or the two nets are of different kinds.

    References
    ----------
    M. Schuster and K. Paliwal, "Bidirectional recurrent neural networks", 1997.
    """
    if type(forward) is not type(backward) or forward.hidden_size != backward.hidden_size:
        raise ValueError(
            "forward and backward must be of one class and size, got "
            f"{type(forward).__name__} of {forward.hidden_size} units and "
            f"{type(backward).__name__} of {backward.hidden_size}"
        )
    first = split_states(state0, 2, "both directions")
    flipped = None if mask is None else mask[::-1]
    x = check_float("x", x, ("T", "N", forward.input_size), forward.dtype)
    h_f, last_f, cache_f = sequence_forward(x, first[0], forward, mask)
    h_b, last_b, cache_b = sequence_forward(x[::-1], first[1], backward, flipped)
    last = map_arrays(lambda a, b: np.stack([a, b]), last_f, last_b)
    return np.concatenate([h_f, h_b[::-1]], axis=2), last, (cache_f, cache_b)


def bidirectional_backward(
    dh: Array, cache: Any, dlast: State | None = None
) -> tuple[Array, State, Any, Any]:
    """Go back through both nets.

    Parameters
    ----------
    dh : array (T, N, 2H)
    cache
        From `bidirectional_forward`.
    dlast : array (2, N, H), for the LSTM a pair of them, or None
        Gradients into the last states, beside those into the outputs.

    Returns
    -------
    dx : array (T, N, D)
    dstate0 : array (2, N, H), for the LSTM a pair of them
    dforward, dbackward : of the class of the parameters

    Raises
    ------
    ValueError
        If a shape or dtype is not that of the states.
    """
    cache_f, cache_b = cache
    params = cache_f[1]
    check_array("dh", dh, ("T", "N", 2 * params.hidden_size))
    dh_f, dh_b = np.split(dh, 2, axis=2)
    into_last = split_states(dlast, 2, "both directions")
    dx_f, first_f, dforward = sequence_backward(dh_f, cache_f, into_last[0])
    dx_b, first_b, dbackward = sequence_backward(dh_b[::-1], cache_b, into_last[1])
    dstate0 = map_arrays(lambda a, b: np.stack([a, b]), first_f, first_b)
    return dx_f + dx_b[::-1], dstate0, dforward, dbackward
