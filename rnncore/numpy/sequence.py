"""One interface for all cells: states as one array, or as the LSTM's pair (h, c)."""

from typing import Any

import numpy as np

from rnncore.numpy.gru import gru_backward, gru_forward
from rnncore.numpy.lstm import lstm_backward, lstm_forward
from rnncore.numpy.parameters import CellParams, GRUParams, LSTMParams, RNNParams
from rnncore.numpy.rnn import rnn_backward, rnn_forward
from rnncore.numpy.trees import map_arrays
from rnncore.numpy.validation import Array, check_float

State = Array | tuple[Array, Array]
"""An array of hidden states, or for the LSTM a pair of hidden and cell states."""

_ONE_STATE: dict[type, Any] = {
    RNNParams: (rnn_forward, rnn_backward),
    GRUParams: (gru_forward, gru_backward),
}


def sequence_forward(
    x: Array, state0: State | None, params: CellParams, mask: Array | None = None
) -> tuple[Array, State, Any]:
    """Run the cell that ``params`` belong to over a batch of sequences.

    Parameters
    ----------
    x : array (T, N, D)
    state0 : array (N, H), for the LSTM a pair of them, or None
        None means zeros.
    params : RNNParams, LSTMParams or GRUParams
    mask : bool array (T, N) or None

    Returns
    -------
    h : array (T, N, H)
    last : array (N, H), for the LSTM a pair of them
    cache
        What `sequence_backward` needs.

    Raises
    ------
    ValueError
        If a shape or dtype does not fit the parameters, the LSTM's state is no pair, or there is
        no cell for the parameters.
    """
    if isinstance(params, LSTMParams):
        h0, c0 = pair("state0", state0)
        h, c, cache = lstm_forward(x, h0, c0, params, mask)
        return h, (h[-1], c[-1]), (cache, params)
    if type(params) not in _ONE_STATE:
        raise ValueError(
            f"params must be RNNParams, LSTMParams or GRUParams, got {type(params).__name__}"
        )
    if isinstance(state0, tuple):
        raise ValueError("state0 must be one array, got a tuple: only the LSTM has two states")
    h, cache = _ONE_STATE[type(params)][0](x, state0, params, mask)
    return h, h[-1], (cache, params)


def sequence_backward(
    dh: Array, cache: Any, dlast: State | None = None
) -> tuple[Array, State, Any]:
    """Go back through time.

    Parameters
    ----------
    dh : array (T, N, H)
        Gradients into the outputs.
    cache
        From `sequence_forward`.
    dlast : array (N, H), for the LSTM a pair of them, or None
        Gradients into the last states, beside those into the outputs; either of a pair may be
        None.

    Returns
    -------
    dx : array (T, N, D)
    dstate0 : array (N, H), for the LSTM a pair of them
    dparams : of the class of the parameters

    Raises
    ------
    ValueError
        If a shape or dtype is not that of the states.
    """
    cell_cache, params = cache
    check_float("dh", dh, ("T", "N", params.hidden_size), params.dtype)
    if isinstance(params, LSTMParams):
        dh_last, dc_last = pair("dlast", dlast)
        dc = None if dc_last is None else _into_last(np.zeros_like(dh), dc_last, "dlast[1]")
        dx, dh0, dc0, dparams = lstm_backward(_into_last(dh, dh_last, "dlast[0]"), dc, cell_cache)
        return dx, (dh0, dc0), dparams
    if isinstance(dlast, tuple):
        raise ValueError("dlast must be one array, got a tuple: only the LSTM has two states")
    result: tuple[Array, State, Any] = _ONE_STATE[type(params)][1](
        _into_last(dh, dlast, "dlast"), cell_cache
    )
    return result


def pair(name: str, state: Any) -> tuple[Any, Any]:
    """Return the LSTM's two states; None stands for a pair of None.

    Raises
    ------
    ValueError
        If it is no pair.
    """
    if state is None:
        return None, None
    if not isinstance(state, tuple) or len(state) != 2:
        came = f"{len(state)} parts" if isinstance(state, tuple) else type(state).__name__
        raise ValueError(f"{name} must be a pair (h, c) for the LSTM, got {came}")
    return state


def split_states(state: State | None, count: int, of: str) -> list[Any]:
    """Split states (count, N, H), for the LSTM a pair of them, along the first axis.

    Raises
    ------
    ValueError
        If an array has another number of parts; ``of`` says of what they are the states.
    """
    for array in state if isinstance(state, tuple) else (state,):
        if array is not None and (not isinstance(array, np.ndarray) or array.shape[:1] != (count,)):
            came = array.shape if isinstance(array, np.ndarray) else type(array).__name__
            raise ValueError(f"states of {of} must have shape ({count}, N, H), got {came}")
    return [map_arrays(lambda a, k=k: a[k], state) for k in range(count)]


def _into_last(dh: Array, dlast: Array | None, name: str) -> Array:
    if dlast is None:
        return dh
    check_float(name, dlast, dh.shape[1:], dh.dtype)
    with_last = dh.copy()
    with_last[-1] += dlast
    return with_last
