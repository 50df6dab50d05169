"""The fit loop for NumPy nets, batches of a stream or of padded sequences, and a schedule."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from rnncore.numpy.gradients import clip_grad_norm
from rnncore.numpy.validation import check_array
from rnncore.training_loop import History, check_finite, check_settings, run
from rnncore.training_torch import fit_torch

__all__ = [
    "History",
    "PaddedBatch",
    "StreamBatch",
    "cosine_decay",
    "fit",
    "fit_torch",
    "pad",
    "padded_batches",
    "stream_batches",
]

Params = TypeVar("Params")


class StreamBatch(NamedTuple):
    """One batch of a stream.

    ``inputs`` and ``targets`` (T, N) are the same N rows of text, the targets one place further.
    ``starts`` is True where the rows begin anew; elsewhere each goes on where the batch before
    left it, so that the last state is the next first one.
    """

    inputs: NDArray[np.integer]
    targets: NDArray[np.integer]
    starts: bool


def stream_batches(
    ids: NDArray[np.integer], steps: int, rows: int, rng: np.random.Generator
) -> Iterator[StreamBatch]:
    """Read a text in several rows at once, over and over.

    The text is cut into ``rows`` pieces of one length, which are read side by side, ``steps``
    symbols a batch. Every pass begins at another place, so that the cuts fall elsewhere.

    Parameters
    ----------
    ids : int array (M,)
    steps, rows : int
        T and N of the batches.
    rng : numpy.random.Generator
        Draws where each pass begins: one of the first ``steps`` symbols.

    Yields
    ------
    StreamBatch

    Raises
    ------
    ValueError
        If a size is below 1, or the text is too short for one batch.
    """
    check_array("ids", ids, ("M",))
    if steps < 1 or rows < 1:
        raise ValueError(f"steps and rows must be at least 1, got {steps} and {rows}")
    if len(ids) < steps * (rows + 1):
        raise ValueError(
            f"ids must hold at least steps * (rows + 1) = {steps * (rows + 1)} symbols, "
            f"got {len(ids)}"
        )
    return _stream(ids, steps, rows, rng)


def _stream(
    ids: NDArray[np.integer], steps: int, rows: int, rng: np.random.Generator
) -> Iterator[StreamBatch]:
    while True:
        text = ids[rng.integers(steps) :]
        length = (len(text) - 1) // rows
        inputs = text[: rows * length].reshape(rows, length).T
        targets = text[1 : rows * length + 1].reshape(rows, length).T
        for t in range(0, length - steps + 1, steps):
            now = slice(t, t + steps)
            yield StreamBatch(inputs[now], targets[now], starts=t == 0)


class PaddedBatch(NamedTuple):
    """A batch of whole sequences, time first.

    ``x`` (T, N) or (T, N, D) holds 0 where ``mask`` (T, N) is False. ``targets`` (N,) are one a
    sequence and ``target_mask`` is None; or ``targets`` (S, N) are sequences themselves, padded
    in the same way, and real where ``target_mask`` (S, N) is True.
    """

    x: NDArray[Any]
    targets: NDArray[Any]
    mask: NDArray[np.bool_]
    target_mask: NDArray[np.bool_] | None


def pad(sequences: Sequence[NDArray[Any]]) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """Stand N sequences side by side, with zeros after their ends.

    Parameters
    ----------
    sequences : sequence of arrays (T_i,) or (T_i, D), of one type

    Returns
    -------
    x : array (T, N) or (T, N, D)
        T is the greatest length.
    mask : bool array (T, N)
        True where a step is real.

    Raises
    ------
    ValueError
        If there is no sequence, all are empty, or they differ in type or in D.
    """
    _check_alike("sequences", sequences)
    lengths = np.array([len(s) for s in sequences])
    if not lengths.any():
        raise ValueError("sequences must hold at least one step, got empty ones alone")
    mask = np.arange(lengths.max())[:, None] < lengths
    first = np.asarray(sequences[0])
    x = np.zeros((*mask.shape, *first.shape[1:]), first.dtype)
    for n, sequence in enumerate(sequences):
        x[: len(sequence), n] = sequence
    return x, mask


def padded_batches(
    sequences: Sequence[NDArray[Any]],
    targets: Sequence[Any],
    rows: int,
    rng: np.random.Generator,
    bucket: int = 1,
) -> Iterator[PaddedBatch]:
    """Read whole sequences in batches, over and over, each pass in another order.

    Parameters
    ----------
    sequences : sequence of M arrays (T_i,) or (T_i, D)
    targets : sequence of M numbers, or of M arrays (S_i,)
    rows : int
        N of the batches; the last of a pass holds what is left.
    rng : numpy.random.Generator
        Draws the order of each pass.
    bucket : int
        The shuffled sequences are sorted by length within groups of ``bucket`` batches, and the
        batches of a group are shuffled, which leaves less padding. 1 sorts nothing that matters.

    Yields
    ------
    PaddedBatch

    Raises
    ------
    ValueError
        If a number is below 1, there is no sequence or not one target for each, or they cannot be
        padded together.
    """
    if rows < 1 or bucket < 1:
        raise ValueError(f"rows and bucket must be at least 1, got {rows} and {bucket}")
    if len(targets) != len(sequences):
        raise ValueError(f"targets must be {len(sequences)}, one a sequence, got {len(targets)}")
    _check_alike("sequences", sequences)
    one_each = np.ndim(targets[0]) == 0
    if not one_each:
        _check_alike("targets", targets)
    for name, parts in (("sequences", sequences), ("targets", () if one_each else targets)):
        empty = [n for n, part in enumerate(parts) if len(part) == 0]
        if empty:
            raise ValueError(f"{name} must each have a step, got none in number {empty[0]}")
    return _padded(sequences, targets, rows, rng, bucket)


def _padded(
    sequences: Sequence[NDArray[Any]],
    targets: Sequence[Any],
    rows: int,
    rng: np.random.Generator,
    bucket: int,
) -> Iterator[PaddedBatch]:
    lengths = np.array([len(s) for s in sequences])
    while True:
        order = rng.permutation(len(sequences))
        for start in range(0, len(order), rows * bucket):
            group = order[start : start + rows * bucket]
            group = group[np.argsort(lengths[group], kind="stable")]
            pieces = [group[i : i + rows] for i in range(0, len(group), rows)]
            for piece in rng.permutation(len(pieces)):
                chosen = pieces[piece]
                x, mask = pad([sequences[n] for n in chosen])
                wanted = [targets[n] for n in chosen]
                one_each = np.ndim(wanted[0]) == 0
                y, y_mask = (np.array(wanted), None) if one_each else pad(wanted)
                yield PaddedBatch(x, y, mask, y_mask)


def _check_alike(name: str, sequences: Sequence[NDArray[Any]]) -> None:
    """Raise ValueError unless these are one or more arrays (T,) or (T, D) of one type and D."""
    arrays = [np.asarray(sequence) for sequence in sequences]
    kinds = {(a.dtype.name, "(T" + "".join(f", {n}" for n in a.shape[1:]) + ")") for a in arrays}
    if len(kinds) != 1 or arrays[0].ndim not in (1, 2):
        came = " and ".join(f"{dtype} {shape}" for dtype, shape in sorted(kinds)) or "none"
        raise ValueError(
            f"{name} must be one or more arrays (T,) or (T, D) of one type and one D, got {came}"
        )


def cosine_decay(progress: float) -> float:
    """Return a factor for the learning rate that falls from 1 to 0 along half a cosine.

    Parameters
    ----------
    progress : float
        How much of the training is done, 0 to 1.

    References
    ----------
    I. Loshchilov and F. Hutter, "SGDR: stochastic gradient descent with warm restarts", 2017,
    equation 5, without the restarts.
    """
    return float(0.5 * (1 + np.cos(np.pi * progress)))


def fit(
    loss_and_grads: Callable[[Params, Any, Any], tuple[float, Params, Any]],
    params: Params,
    batches: Iterable[Any],
    optimiser: Any,
    updates: int,
    *,
    max_norm: float | None = None,
    schedule: Callable[[float], float] | None = None,
    held_out: Callable[[Params], float] | None = None,
    checkpoints: Collection[int] = (),
    patience: int | None = None,
    progress: bool | None = None,
) -> tuple[Params, History]:
    """Train by a fixed number of updates, or until the held-out loss stops falling.

    Parameters
    ----------
    loss_and_grads : callable
        Takes (params, batch, state) and returns (loss, grads, state). The state is handed from
        batch to batch as it is; the first one is None. What is in it is a constant for the next
        batch: no gradient crosses, which is truncated backpropagation through time.
    params : tree of parameters
        As `rnncore.numpy.map_arrays` takes it. It is not changed.
    batches : iterable
    optimiser : SGD, Momentum, Adam, or of their kind
        A dataclass with a ``learning_rate`` and a ``step``.
    updates : int
        At least 1.
    max_norm : float or None
        Clip gradients to this norm.
    schedule : callable or None
        From the share of the updates that is done (0 to below 1) to a factor of the learning rate.
    held_out : callable or None
        From parameters to a loss on data that are not trained on.
    checkpoints : collection of int
        After these numbers of updates (0 to ``updates``) the parameters are kept and the held-out
        loss is measured.
    patience : int or None
        Stop early when this many measurements in a row brought no new least held-out loss; the
        parameters of the least one are returned, whether or not it came to that.
    progress : bool or None
        Show a progress bar; None shows it in a terminal, and not in continuous integration.

    Returns
    -------
    params : as the argument
    history : History

    Raises
    ------
    ValueError
        If an argument is not as above, or the batches run out.
    FloatingPointError
        If a loss or gradient is not finite, or with patience a held-out loss is NaN.

    References
    ----------
    Truncated backpropagation: R. J. Williams and J. Peng, "An efficient gradient-based algorithm
    for on-line training of recurrent network trajectories", 1990. Early stopping: L. Prechelt,
    "Early stopping - but when?", 1998.
    """
    check_settings(updates, max_norm, held_out, checkpoints, patience)
    state = memory = None

    def update(batch: Any, done: int) -> tuple[float, float]:
        nonlocal params, state, memory
        loss, grads, state = loss_and_grads(params, batch, state)
        check_finite("loss", loss, done)
        grads, norm = clip_grad_norm(grads, np.inf if max_norm is None else max_norm)
        check_finite("gradient's norm", norm, done)
        factor = 1.0 if schedule is None else float(schedule(done / updates))
        stepper = replace(optimiser, learning_rate=optimiser.learning_rate * factor)
        params, memory = stepper.step(params, grads, memory)
        return loss, norm

    measure = None if held_out is None else lambda: held_out(params)
    history = run(
        update, lambda: params, measure, batches, updates, checkpoints, patience, progress
    )
    return params if patience is None else history.checkpoints[history.best], history
