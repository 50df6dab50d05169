"""The history of recurrent nets as a time line, and the events on it."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from rnncore.plots.style import COLOURS


class Event(NamedTuple):
    """One entry of the time line.

    ``year`` is that of the first public version: of a preprint, if there was one. ``thread`` is a
    key of `THREADS` and ``source`` one of the bibliography.
    """

    year: int
    who: str
    what: str
    thread: str
    source: str


THREADS = {
    "learning": ("how to train them", "o", COLOURS["blue"]),
    "cells": ("the net itself", "s", COLOURS["vermilion"]),
    "use": ("what they are used for", "^", COLOURS["green"]),
    "attention": ("attention", "D", COLOURS["ink"]),
    "parallel": ("recurrence in parallel", "v", COLOURS["purple"]),
}
"""From a thread to what the key says of it, its marker and its colour."""

HISTORY = (
    Event(1986, "Rumelhart, Hinton, Williams", "backpropagation", "learning", "rumelhart1986"),
    Event(1986, "Jordan", "the output comes back", "cells", "jordan1986"),
    Event(1990, "Elman", "the state comes back", "cells", "elman1990"),
    Event(1990, "Werbos", "backpropagation through time", "learning", "werbos1990"),
    Event(1991, "Hochreiter", "gradients vanish", "learning", "hochreiter1991"),
    Event(1994, "Bengio, Simard, Frasconi", "why long lags are hard", "learning", "bengio1994"),
    Event(1997, "Hochreiter, Schmidhuber", "LSTM", "cells", "hochreiter1997"),
    Event(1997, "Schuster, Paliwal", "both directions", "cells", "schuster1997"),
    Event(2000, "Gers, Schmidhuber, Cummins", "forget gate", "cells", "gers2000forget"),
    Event(2006, "Graves and others", "CTC: labels without alignment", "use", "graves2006"),
    Event(2014, "Cho and others", "GRU, encoder–decoder", "cells", "cho2014"),
    Event(2014, "Sutskever, Vinyals, Le", "sequence to sequence", "use", "sutskever2014"),
    Event(2014, "Bahdanau, Cho, Bengio", "attention", "attention", "bahdanau2015"),
    Event(2017, "Vaswani and others", "Transformer", "attention", "vaswani2017"),
    Event(2017, "Martin, Cundy", "linear recurrence, by scan", "parallel", "martin2018"),
    Event(2021, "Gu, Goel, Ré", "S4: state spaces", "parallel", "gu2022"),
    Event(2023, "Orvieto and others", "LRU: linear, diagonal", "parallel", "orvieto2023"),
    Event(2023, "Gu, Dao", "Mamba: selects by its input", "parallel", "gu2023"),
    Event(2024, "Beck and others", "xLSTM: exponential gates", "cells", "beck2024"),
    Event(2024, "Feng and others", "minGRU, minLSTM", "parallel", "feng2024"),
)
"""What the book's first chapter draws, in the order of the years."""


def timeline(events: Sequence[Event] = HISTORY, gap: float = 2.1) -> Figure:
    """Draw events beside a vertical axis of years, each label as near its year as there is room.

    Parameters
    ----------
    events : sequence of Event
        In the order of their years.
    gap : float
        Least distance of two labels, in years.
    """
    years = np.array([event.year for event in events])
    heights = spread(years, gap)
    figure = Figure(figsize=(4.4, 0.42 * len(events) + 1.6))
    axes = figure.subplots()
    axes.axvline(0, color="0.75", linewidth=3, zorder=0)
    axes.plot(np.zeros(len(years)), years, "o", color=COLOURS["ink"], markersize=5)
    for event, height in zip(events, heights, strict=True):
        _entry(axes, event, float(height))
    _decades(axes, years, heights)
    _key(axes, [thread for thread in THREADS if thread in {event.thread for event in events}])
    return figure


def spread(places: ArrayLike, gap: float) -> NDArray[np.float64]:
    """Move ordered places apart until neighbours keep a distance, by the least squares.

    Parameters
    ----------
    places : array (M,), ascending
    gap : float
        The least distance.

    Returns
    -------
    array (M,)

    Raises
    ------
    ValueError
        If the places are not in order.

    Notes
    -----
    Without the gaps, place i wants to be at ``places[i] - i * gap`` and must not lie below the one
    before: isotonic regression, solved by pooling neighbours that are in the wrong order.
    """
    wanted = np.asarray(places, dtype=float)
    if (np.diff(wanted) < 0).any():
        raise ValueError(f"places must be in ascending order, got {wanted.tolist()}")
    steps = gap * np.arange(len(wanted))
    pools: list[tuple[float, int]] = []  # mean and size
    for value in wanted - steps:
        mean, size = float(value), 1
        while pools and pools[-1][0] > mean:
            before, count = pools.pop()
            mean, size = (mean * size + before * count) / (size + count), size + count
        pools.append((mean, size))
    means, sizes = zip(*pools, strict=True)
    moved: NDArray[np.float64] = np.repeat(means, sizes) + steps
    return moved


def _entry(axes: Axes, event: Event, height: float) -> None:
    """Draw one label, its mark, and the line from the year to it."""
    _, marker, colour = THREADS[event.thread]
    path = [event.year, event.year, height]
    axes.plot([0, 0.5, 1.2], path, color=colour, linewidth=0.9, zorder=1)
    axes.plot(1.2, height, marker, color=colour, markersize=7)
    axes.text(1.5, height, event.what, va="bottom", fontsize=11, fontweight="bold")
    axes.text(1.5, height, f"{event.who} {event.year}", va="top", fontsize=10, color="0.25")


def _decades(axes: Axes, years: NDArray[np.int64], heights: NDArray[np.float64]) -> None:
    decades = np.arange(years[0] // 5 * 5, years[-1] + 5, 5)
    axes.set_yticks(decades)
    low, high = min(years[0], heights[0]), max(years[-1], heights[-1])
    axes.set(xlim=(-0.4, 10.5), ylim=(high + 1.5, low - 1.5))  # early years on top
    axes.set_xticks([])
    axes.tick_params(axis="y", length=0)
    axes.spines[:].set_visible(False)


def _key(axes: Axes, threads: Sequence[str]) -> None:
    for thread in threads:
        words, marker, colour = THREADS[thread]
        axes.plot([], [], marker, color=colour, markersize=7, label=words)
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, 0), ncols=2, handletextpad=0.3)
