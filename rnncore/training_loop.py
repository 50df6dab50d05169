"""What every fit loop does: batches, progress, checkpoints, early stopping and a history."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class History:
    """What `fit` or `fit_torch` saw.

    Parameters
    ----------
    train_loss, gradient_norm, seconds : float arrays (updates,)
        Of each update: the loss of its batch before the step, the norm of the gradient before
        clipping, and the seconds of training so far. Time spent on held-out data is not counted.
    held_out : dict
        From a number of updates to the held-out loss after them.
    checkpoints : dict
        From a number of updates to the parameters after them; of a module, its ``state_dict``.
    """

    train_loss: NDArray[np.float64]
    gradient_norm: NDArray[np.float64]
    seconds: NDArray[np.float64]
    held_out: dict[int, float]
    checkpoints: dict[int, Any]

    @property
    def best(self) -> int:
        """The number of updates after which the held-out loss was least; of equals the first.

        Raises
        ------
        ValueError
            If no held-out loss was measured, or one is NaN.
        """
        losses = list(self.held_out.values())
        if not losses or np.isnan(losses).any():
            raise ValueError(f"best needs held-out losses that are numbers, got {losses or 'none'}")
        return min(self.held_out, key=self.held_out.__getitem__)

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


def check_settings(
    updates: int,
    max_norm: float | None,
    held_out: Callable[..., float] | None,
    checkpoints: Collection[int],
    patience: int | None,
) -> None:
    """Check what the loops share.

    Raises
    ------
    ValueError
        If a number lies outside its range, or one argument needs another that is missing.
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
    if patience is not None and patience < 1:
        raise ValueError(f"patience must be at least 1 or None, got {patience}")
    if patience is not None and held_out is None:
        raise ValueError("patience needs held_out: the loss that must fall")


def run(
    update: Callable[[Any, int], tuple[float, float]],
    keep: Callable[[], Any],
    measure: Callable[[], float] | None,
    batches: Iterable[Any],
    updates: int,
    checkpoints: Collection[int],
    patience: int | None,
    progress: bool | None,
) -> History:
    """Make the updates, or fewer if patience runs out, and return what was seen.

    Parameters
    ----------
    update : callable
        From a batch and the number of updates done to the loss and the gradient's norm.
    keep : callable
        Returns the present parameters, which no later update changes.
    measure : callable or None
        Returns the present held-out loss.
    batches, updates, checkpoints, patience, progress
        As `fit`.

    Raises
    ------
    ValueError
        If the batches run out.
    FloatingPointError
        If there is patience and a held-out loss is NaN.
    """
    rows: list[tuple[float, float, float]] = []
    held_out: dict[int, float] = {}
    kept: dict[int, Any] = {}
    wanted, source = frozenset(checkpoints), iter(batches)
    with tqdm(total=updates, desc="updates", disable=not _visible(progress)) as bar:
        for done in range(updates + 1):
            if done in wanted:
                kept[done] = keep()
                if measure is not None:
                    held_out[done] = float(measure())
                    if patience is not None and _waited(held_out) >= patience:
                        break
            if done == updates:
                break
            try:
                batch = next(source)
            except StopIteration:
                raise ValueError(f"batches ran out after {done} of {updates} updates") from None
            start = time.perf_counter()
            loss, norm = update(batch, done)
            rows.append((loss, norm, time.perf_counter() - start))
            bar.update()
    losses, norms, seconds = np.array(rows, dtype=np.float64).reshape(-1, 3).T
    return History(losses, norms, np.cumsum(seconds), held_out, kept)


def _waited(held_out: Mapping[int, float]) -> int:
    """Return how many measurements ago the least held-out loss was."""
    losses = list(held_out.values())
    if np.isnan(losses[-1]):
        raise FloatingPointError(
            f"the held-out loss after {max(held_out)} updates is nan: patience cannot compare it"
        )
    return len(losses) - 1 - int(np.argmin(losses))


def check_finite(name: str, value: float, done: int) -> None:
    """Raise FloatingPointError unless the value, of the update after ``done`` others, is finite."""
    if not np.isfinite(value):
        raise FloatingPointError(
            f"update {done + 1}: the {name} is {value}; look for NaN in the batch, lower the "
            "learning rate, or clip gradients with a smaller max_norm"
        )


def _visible(progress: bool | None) -> bool:
    if progress is not None:
        return progress
    return sys.stderr.isatty() and not os.environ.get("CI")
