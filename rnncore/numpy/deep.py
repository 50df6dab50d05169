"""Recurrent layers on top of each other, with dropout between them."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from rnncore.numpy.dropout import dropout_backward, dropout_forward
from rnncore.numpy.parameters import CellParams
from rnncore.numpy.sequence import State, sequence_backward, sequence_forward, split_states
from rnncore.numpy.trees import map_arrays
from rnncore.numpy.validation import Array


def deep_forward(
    x: Array,
    state0: State | None,
    layers: Sequence[CellParams],
    mask: Array | None = None,
    dropout: float = 0.0,
    variational: bool = False,
    rng: np.random.Generator | None = None,
) -> tuple[Array, State, Any]:
    """Run L layers, each over the outputs of the one below.

    Parameters
    ----------
    x : array (T, N, D)
    state0 : array (L, N, H), for the LSTM a pair of them, or None
        First states of the layers, lowest first; None means zeros.
    layers : sequence of RNNParams, LSTMParams or GRUParams
        Lowest first, of one class and of H units each; the lowest reads D inputs, the others H.
    mask : bool array (T, N) or None
        As for one cell.
    dropout : float
        Share of the entries that are dropped between layers, as in ``torch.nn``: not before the
        first and not after the last. 0 when the net is used.
    variational : bool
        Drop the same units at all time steps (Gal and Ghahramani 2016).
    rng : numpy.random.Generator
        Needed with dropout.

    Returns
    -------
    h : array (T, N, H)
        The highest layer's states.
    last : array (L, N, H), for the LSTM a pair of them
    cache
        What `deep_backward` needs.

    Raises
    ------
    ValueError
        If there is no layer, the layers do not fit on each other, ``rng`` is missing, or an
        argument does not fit the layers.
    """
    if not layers:
        raise ValueError("layers must hold at least one layer, got none")
    kinds = {(type(layer).__name__, layer.hidden_size) for layer in layers}
    if len(kinds) > 1:
        raise ValueError(f"layers must be of one class and size, got {sorted(kinds)}")
    if dropout and rng is None:
        raise ValueError(f"dropout of {dropout} needs rng, a numpy.random.Generator")
    first = split_states(state0, len(layers), f"{len(layers)} layers")
    h, lasts, caches, dropped = x, [], [], []
    for depth, (layer, state) in enumerate(zip(layers, first, strict=True)):
        if depth > 0 and dropout and rng is not None:
            h, cache = dropout_forward(h, dropout, rng, shared_axes=(0,) if variational else ())
            dropped.append(cache)
        h, last, cache = sequence_forward(h, state, layer, mask)
        lasts.append(last)
        caches.append(cache)
    return h, map_arrays(lambda *states: np.stack(states), *lasts), (caches, dropped)


def deep_backward(
    dh: Array, cache: Any, dlast: State | None = None
) -> tuple[Array, State, list[Any]]:
    """Go back through all layers.

    Parameters
    ----------
    dh : array (T, N, H)
        Gradients into the highest layer's states.
    cache
        From `deep_forward`.
    dlast : array (L, N, H), for the LSTM a pair of them, or None
        Gradients into the layers' last states, beside those into the outputs.

    Returns
    -------
    dx : array (T, N, D)
    dstate0 : array (L, N, H), for the LSTM a pair of them
    dlayers : list of gradients, one a layer, lowest first

    Raises
    ------
    ValueError
        If a shape or dtype is not that of the states.
    """
    caches, dropped = cache
    into_last = split_states(dlast, len(caches), f"{len(caches)} layers")
    firsts: list[Any] = []
    dlayers: list[Any] = []
    for depth in reversed(range(len(caches))):
        dh, first, dparams = sequence_backward(dh, caches[depth], into_last[depth])
        firsts.append(first)
        dlayers.append(dparams)
        if depth > 0 and dropped:
            dh = dropout_backward(dh, dropped[depth - 1])
    dstate0 = map_arrays(lambda *states: np.stack(states), *firsts[::-1])
    return dh, dstate0, dlayers[::-1]
