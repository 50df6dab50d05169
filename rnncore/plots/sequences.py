"""Pictures of data on their way into a batch: samples, padding, and gaps that were filled."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from rnncore.plots.style import COLOURS


def samples(arrays: Mapping[str, ArrayLike]) -> Figure:
    """Draw sequences of any kind in the same way: time runs to the right, the entries downwards.

    Parameters
    ----------
    arrays : from a name to an array (T, D)
        At least two. Darker is larger; each array has a scale of its own.
    """
    rows = -(-len(arrays) // 2)
    figure = Figure(figsize=(6.8, 2.3 * rows))
    panels = figure.subplots(rows, 2).ravel()
    for axes, (name, array) in zip(panels, arrays.items(), strict=False):
        sample = np.asarray(array)
        axes.imshow(sample.T, aspect="auto", cmap="Greys", interpolation="nearest")
        axes.set_title(f"{name}: T = {len(sample)}, D = {sample.shape[1]}")
        axes.set(xlabel="step t", ylabel="entry of $x_t$")
    for axes in panels[len(arrays) :]:
        axes.set_visible(False)
    return figure


def padding(orders: Mapping[str, Sequence[ArrayLike]]) -> Figure:
    """Draw batches of sequences as bars, and what each is padded with on top.

    Parameters
    ----------
    orders : from a name to a list of arrays (N,)
        The lengths of the sequences in each batch.
    """
    figure = Figure(figsize=(6.8, 1.7 * len(orders) + 0.4))
    panels = figure.subplots(len(orders), 1, sharex=True, sharey=True, squeeze=False)[:, 0]
    for axes, (name, batches) in zip(panels, orders.items(), strict=True):
        lengths = np.concatenate([np.asarray(batch) for batch in batches])
        full = np.concatenate([np.full(len(np.asarray(b)), np.max(b)) for b in batches])
        axes.bar(np.arange(len(full)), full, width=1, color=COLOURS["orange"], label="padding")
        axes.bar(np.arange(len(full)), lengths, width=1, color=COLOURS["blue"], label="real steps")
        for end in np.cumsum([len(np.asarray(batch)) for batch in batches])[:-1]:
            axes.axvline(end - 0.5, color="white", linewidth=1.5)
        axes.set_title(f"{name}: {1 - lengths.sum() / full.sum():.0%} of the steps are padding")
        axes.set(ylabel="steps")
    panels[-1].set(xlabel="sequence, in the order of the batches")
    figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
    return figure


def filled_gap(
    truth: ArrayLike, hidden: ArrayLike, fills: Mapping[str, ArrayLike], unit: str
) -> Figure:
    """Draw what each treatment puts into one gap, over what was there.

    Parameters
    ----------
    truth : array (T,)
    hidden : bool array (T,)
        True inside the gap.
    fills : from a treatment to its array (T,)
    unit : str
        Of the values.
    """
    values, gap = np.asarray(truth), np.asarray(hidden)
    rows = -(-len(fills) // 2)
    figure = Figure(figsize=(6.8, 1.5 * rows + 0.9))
    panels = figure.subplots(rows, 2, sharex=True, sharey=True, squeeze=False)
    for axes, (name, fill) in zip(panels.ravel(), fills.items(), strict=False):
        _one_fill(axes, values, gap, np.asarray(fill), name)
    for axes in panels.ravel()[len(fills) :]:
        axes.set_visible(False)
    figure.supylabel(unit, fontsize=11)
    for axes in panels[-1]:
        axes.set(xlabel="hour")
    handles, labels = panels[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=2)
    return figure


def _one_fill(
    axes: Axes,
    truth: NDArray[np.float64],
    hidden: NDArray[np.bool_],
    fill: NDArray[np.float64],
    name: str,
) -> None:
    hours = np.arange(len(truth))
    inside = np.flatnonzero(hidden)
    axes.axvspan(inside[0] - 0.5, inside[-1] + 0.5, color="0.93")
    axes.plot(hours, truth, color="0.55", linewidth=1.2, label="what was there")
    axes.plot(
        hours[inside], fill[inside], color=COLOURS["vermilion"], linewidth=2, label="the fill"
    )
    error = np.abs(fill - truth)[inside].mean()
    axes.set_title(f"{name}: error {error:.0f}", fontsize=10)
