"""Pictures of training: bias of truncation, rates, bands over seeds, folds, stale gradients."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, NullLocator, StrMethodFormatter
from numpy.typing import NDArray

Array = NDArray[Any]

MARKERS = "os^Dv"
DASHES = ("-", "--", ":", "-.", (0, (5, 1, 1, 1, 1, 1)))
PLAIN = StrMethodFormatter("{x:g}")


def truncation_bias(
    windows: Sequence[int],
    errors: Mapping[str, Array],
    angles: Mapping[str, Array],
    noise: Mapping[str, float],
) -> Figure:
    """Draw how far truncated gradients are from the full one, by length of the window.

    Parameters
    ----------
    windows : sequence of int
    errors, angles : mapping from a name to an array (seeds, windows)
        Relative error, and angle in degrees; drawn as median and range.
    noise : mapping from the same names to a relative error
        A thin line: how far the gradient of another batch lies from the mean.
    """
    figure = Figure(figsize=(7.2, 3.8))
    left, right = figure.subplots(1, 2)
    for axes, curves in ((left, errors), (right, angles)):
        for number, (name, values) in enumerate(curves.items()):
            _band(axes, windows, values, number, name)
        axes.set(xscale="log", xlabel="steps in a window")
        _ticks_at(axes, windows)
        axes.grid(axis="y")
    for number, (name, level) in enumerate(noise.items()):
        left.axhline(level, color=f"C{number}", linewidth=1, linestyle=DASHES[number])
        left.annotate(
            f"noise, {name}",
            (windows[0], level),
            xytext=(0, 2),
            textcoords="offset points",
        )
    left.set(yscale="log", title="relative error")
    left.yaxis.set_major_formatter(PLAIN)
    right.set(title="angle in degrees", ylim=(0, None))
    right.legend(title="net")
    return figure


def rate_range(
    panels: Mapping[str, tuple[Array, Array]], chosen: Mapping[str, float], ceiling: float
) -> Figure:
    """Draw range tests: the loss while the learning rate rises, one panel an optimiser.

    Parameters
    ----------
    panels : mapping from a name to rates (updates,) and losses (seeds, updates)
    chosen : mapping from the same names to a rate
        A dashed upright line.
    ceiling : float
        Top of the vertical axis; losses above it leave the picture.
    """
    figure = Figure(figsize=(7.2, 3.2))
    grid = figure.subplots(1, len(panels), sharey=True, squeeze=False)[0]
    for axes, (name, (rates, losses)) in zip(grid, panels.items(), strict=True):
        low, middle, high = losses.min(axis=0), np.median(losses, axis=0), losses.max(axis=0)
        axes.fill_between(rates, low, high, alpha=0.25, linewidth=0)
        axes.plot(rates, middle)
        axes.axvline(chosen[name], color="black", linewidth=1.2, linestyle="--")
        axes.set(xscale="log", title=name, ylim=(middle.min() - 0.3, ceiling))
        axes.grid(axis="y")
    grid[0].set_ylabel("loss of the batch")
    figure.supxlabel("learning rate, rising from update to update", fontsize=11)
    return figure


def training_bands(
    panels: Mapping[str, Mapping[str, tuple[Sequence[int], Array]]],
    levels: Mapping[str, float] | None = None,
    ylabel: str = "held-out loss",
) -> Figure:
    """Draw losses by update as median and range over seeds, one panel a question.

    Parameters
    ----------
    panels : mapping from a title to a mapping from a name to updates and losses (seeds, updates)
        At most five curves a panel; the panels share the vertical axis.
    levels : mapping from a name to a loss
        Horizontal lines to compare with.
    ylabel : str
    """
    figure = Figure(figsize=(7.2, 3.6))
    grid = figure.subplots(1, len(panels), sharey=True, squeeze=False)[0]
    for axes, (title, curves) in zip(grid, panels.items(), strict=True):
        for number, (name, (updates, losses)) in enumerate(curves.items()):
            _band(axes, updates, losses, number, name)
        for name, level in (levels or {}).items():
            axes.axhline(level, color="black", linewidth=0.9, linestyle="--")
            axes.annotate(name, (0, level), xytext=(0, -12), textcoords="offset points")
        axes.set(title=title, xlabel="updates")
        axes.grid(axis="y")
        axes.legend()
    grid[0].set_ylabel(ylabel)
    return figure


def fold_scores(
    sizes: Sequence[int],
    scores: Mapping[str, Array],
    levels: Mapping[str, float],
    ylabel: str,
) -> Figure:
    """Draw scores of cross-validation by hidden size: mean and standard error over the folds.

    Parameters
    ----------
    sizes : sequence of int
    scores : mapping from a name to an array (folds, sizes)
        The curves are moved apart a little, so that their error bars can be told apart.
    levels : mapping from a name to the mean score of a baseline
    ylabel : str
    """
    figure = Figure(figsize=(6.4, 4.2))
    axes = figure.subplots()
    for number, (name, values) in enumerate(scores.items()):
        error = values.std(axis=0, ddof=1) / np.sqrt(len(values))
        axes.errorbar(
            np.array(sizes) * 1.06 ** (number - (len(scores) - 1) / 2),
            values.mean(axis=0),
            error,
            capsize=3,
            marker=MARKERS[number],
            linestyle=DASHES[number],
            label=name,
        )
    for name, level in levels.items():
        axes.axhline(level, color="black", linewidth=1, linestyle="--")
        axes.annotate(name, (sizes[0], level), xytext=(0, 3), textcoords="offset points")
    axes.set(xscale="log", xlabel="hidden units", ylabel=ylabel)
    _ticks_at(axes, sizes)
    axes.grid(axis="y")
    axes.legend(loc="upper left", bbox_to_anchor=(0, -0.18), ncols=2)
    return figure


def curve_gallery(panels: Mapping[str, Mapping[str, tuple[Sequence[int], Array]]]) -> Figure:
    """Draw curves of training in a square of panels, each with its own scale.

    Parameters
    ----------
    panels : mapping from a title to a mapping from a name to updates and losses
        The first curve of a panel is the sick one; the others are drawn in grey beside it.
    """
    figure = Figure(figsize=(7.2, 5.2))
    grid = figure.subplots(-(-len(panels) // 2), 2, squeeze=False).flat
    for axes, (title, curves) in zip(grid, panels.items(), strict=True):
        for number, (name, (updates, losses)) in enumerate(curves.items()):
            colour = {"color": "C1"} if number == 0 else {"color": "0.45", "linewidth": 1.4}
            axes.plot(updates, losses, linestyle=DASHES[number], label=name, **colour)
        axes.set_title(title)
        axes.grid(axis="y")
        axes.legend()
    figure.supxlabel("updates", fontsize=11)
    figure.supylabel("loss", fontsize=11)
    return figure


def stale_losses(
    rates: Sequence[float], losses: Mapping[int, Array], untrained: float, ceiling: float
) -> Figure:
    """Draw the loss after training by learning rate, one curve a delay of the gradients.

    Parameters
    ----------
    rates : sequence of float
    losses : mapping from a delay to an array (seeds, rates)
        Median and range; what lies above ``ceiling``, or is no number, leaves the picture.
    untrained : float
        A dashed line.
    ceiling : float
    """
    figure = Figure(figsize=(6.4, 3.8))
    axes = figure.subplots()
    for number, (delay, values) in enumerate(losses.items()):
        shown = np.where(np.isfinite(values), values, 1e3)
        _band(axes, rates, shown, number, f"{delay}")
    axes.axhline(untrained, color="black", linewidth=1, linestyle="--")
    axes.annotate("untrained", (rates[0], untrained), xytext=(0, 3), textcoords="offset points")
    lowest = min(np.nanmin(values) for values in losses.values())
    axes.set(xscale="log", xlabel="learning rate", ylabel="loss after training")
    axes.set_ylim(lowest - 0.1, ceiling)
    _ticks_at(axes, rates)
    axes.grid(axis="y")
    axes.legend(title="delay", loc="center left", bbox_to_anchor=(1, 0.5))
    return figure


def _band(axes: Axes, x: Sequence[float], values: Array, number: int, name: str) -> None:
    """Draw median and range over the first axis, told apart without colour too."""
    (line,) = axes.plot(
        x,
        np.median(values, axis=0),
        marker=MARKERS[number],
        linestyle=DASHES[number],
        label=name,
    )
    low, high = values.min(axis=0), values.max(axis=0)
    axes.fill_between(x, low, high, color=line.get_color(), alpha=0.2, linewidth=0)


def _ticks_at(axes: Axes, values: Sequence[float]) -> None:
    """Put a tick at each value of the horizontal axis, and nowhere else."""
    axes.xaxis.set_major_locator(FixedLocator(list(values)))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(PLAIN)
