"""The fit loop: mini-batches of a stream of symbols, clipping, an optimiser, and a history."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from rnncore.numpy.gradients import clip_grad_norm
from rnncore.numpy.validation import check_array

if TYPE_CHECKING:
    from matplotlib.figure import Figure

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


@dataclass(frozen=True)
class History:
    """What `fit` saw.

    Parameters
    ----------
    train_loss, gradient_norm, seconds : float arrays (updates,)
        Of each update: the loss of its batch before the step, the norm of the gradient before
        clipping, and the seconds of training so far. Time spent on held-out data is not counted.
    held_out : dict
        From a number of updates to the held-out loss after them.
    checkpoints : dict
        From a number of updates to the parameters after them.
    """

    train_loss: NDArray[np.float64]
    gradient_norm: NDArray[np.float64]
    seconds: NDArray[np.float64]
    held_out: dict[int, float]
    checkpoints: dict[int, Any]

    def reaches(self, level: float) -> float | None:
        """Return after how many updates the held-out loss first falls to a level; None if never.

        Between two measurements after the first update the loss is taken to fall along a straight
        line over the logarithm of the update.
        """
        updates = sorted(u for u in self.held_out if u > 0)
        for before, after in pairwise(updates):
            high, low = self.held_out[before], self.held_out[after]
            if high > level >= low:
                share = (high - level) / (high - low)
                return float(before * (after / before) ** share)
        return None

    def plot(self, levels: Mapping[str, float] | None = None) -> Figure:
        """Draw both losses by update, and ``levels`` to compare with, as horizontal lines."""
        from rnncore.plots.curves import loss_curves  # training does not need matplotlib

        return loss_curves(self, levels)


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
    progress: bool | None = None,
) -> tuple[Params, History]:
    """Train by a fixed number of updates.

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
        If a loss or gradient is not finite.

    References
    ----------
    Truncated backpropagation: R. J. Williams and J. Peng, "An efficient gradient-based algorithm
    for on-line training of recurrent network trajectories", 1990.
    """
    if updates < 1:
        raise ValueError(f"updates must be at least 1, got {updates}")
    if max_norm is not None and not max_norm > 0:
        raise ValueError(f"max_norm must be above 0 or None, got {max_norm}")
    outside = [c for c in checkpoints if not 0 <= c <= updates]
    if outside:
        raise ValueError(f"checkpoints must lie between 0 and {updates}, got {outside}")
    if held_out is not None and not checkpoints:
        raise ValueError("held_out needs checkpoints: the numbers of updates to measure it after")

    record = _Recorder(updates, held_out, frozenset(checkpoints))
    record.checkpoint(0, params)
    source = iter(batches)
    state = memory = None
    for update in tqdm(range(updates), desc="updates", disable=not _visible(progress)):
        try:
            batch = next(source)
        except StopIteration:
            raise ValueError(f"batches ran out after {update} of {updates} updates") from None
        start = time.perf_counter()
        loss, grads, state = loss_and_grads(params, batch, state)
        _check_finite("loss", loss, update)
        grads, norm = clip_grad_norm(grads, np.inf if max_norm is None else max_norm)
        _check_finite("gradient's norm", norm, update)
        factor = 1.0 if schedule is None else float(schedule(update / updates))
        stepper = replace(optimiser, learning_rate=optimiser.learning_rate * factor)
        params, memory = stepper.step(params, grads, memory)
        record.update(update, loss, norm, time.perf_counter() - start)
        record.checkpoint(update + 1, params)
    return params, record.history()


class _Recorder:
    """Collects the history of one run."""

    def __init__(
        self, updates: int, held_out: Callable[[Any], float] | None, checkpoints: frozenset[int]
    ) -> None:
        self._rows = np.empty((3, updates))
        self._measure = held_out
        self._wanted = checkpoints
        self._held_out: dict[int, float] = {}
        self._kept: dict[int, Any] = {}

    def update(self, update: int, loss: float, norm: float, seconds: float) -> None:
        self._rows[:, update] = loss, norm, seconds

    def checkpoint(self, done: int, params: Any) -> None:
        if done in self._wanted:
            self._kept[done] = params
            if self._measure is not None:
                self._held_out[done] = float(self._measure(params))

    def history(self) -> History:
        loss, norm, seconds = self._rows
        return History(loss, norm, np.cumsum(seconds), self._held_out, self._kept)


def _check_finite(name: str, value: float, update: int) -> None:
    if not np.isfinite(value):
        raise FloatingPointError(
            f"update {update + 1}: the {name} is {value}; look for NaN in the batch, lower the "
            "learning rate, or clip gradients with a smaller max_norm"
        )


def _visible(progress: bool | None) -> bool:
    if progress is not None:
        return progress
    return sys.stderr.isatty() and not os.environ.get("CI")
