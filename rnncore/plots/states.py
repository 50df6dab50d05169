"""Pictures of hidden states: heat maps letter by letter, and how fast two states come together."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator, NullFormatter, ScalarFormatter
from numpy.typing import NDArray

from rnncore.plots.style import COLOURS

Array = NDArray[Any]

FRAMES = (("-", COLOURS["vermilion"]), ("--", "black"))


def state_maps(
    states: Sequence[Array],
    words: Sequence[str],
    frames: Sequence[Sequence[tuple[int, int, int]]] = (),
) -> Figure:
    """Draw the states of a few words side by side: units down, letters across.

    Parameters
    ----------
    states : sequence of arrays (len(word), H)
        One row a letter; all maps share one scale, as wide as the largest value needs.
    words : sequence of str
        One for each array.
    frames : sequence of groups of (word, first letter, last letter)
        Columns to draw a frame around, all by number; each group has a line style of its own.

    Raises
    ------
    ValueError
        If a word and its states differ in length.
    """
    for word, h in zip(words, states, strict=True):
        if len(h) != len(word):
            raise ValueError(f"states of {word!r} must have {len(word)} rows, got {len(h)}")
    limit = np.ceil(10 * max(np.abs(h).max() for h in states)) / 10
    lengths = [len(word) for word in words]
    figure = Figure(figsize=(5.2, 4.2))
    panels = figure.subplots(1, len(words), sharey=True, squeeze=False, width_ratios=lengths)[0]
    for axes, word, h in zip(panels, words, states, strict=True):
        image = axes.imshow(h.T, vmin=-limit, vmax=limit, aspect="auto", interpolation="nearest")
        axes.set_xticks(range(len(word)), list(word))
        axes.set_yticks([])
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)
    units = states[0].shape[1]
    for group, (line, colour) in zip(frames, FRAMES, strict=False):
        for word_number, first, last in group:
            corner, width = (first - 0.5, -0.5), last - first + 1
            frame = Rectangle(corner, width, units, fill=False, linewidth=3, clip_on=False)
            frame.set(linestyle=line, edgecolor=colour)
            panels[word_number].add_patch(frame)
    panels[0].set_ylabel(f"{units} hidden units")
    bar = figure.colorbar(image, ax=list(panels), orientation="horizontal", shrink=0.6)
    bar.set_ticks([-limit, 0, limit])
    bar.set_label("state")
    return figure


def fading(curves: Mapping[str, Array], rate: float, label: str) -> Figure:
    """Draw the distance of two states against the number of last letters that they share.

    Parameters
    ----------
    curves : mapping from a name to an array (seeds, points)
        Distances for 0, 1, 2, … shared letters; drawn as median and, over the seeds, range.
    rate : float
        A dashed line falls by this factor a letter, from where the first curve starts.
    label : str
        What the dashed line stands for.
    """
    figure = Figure(figsize=(5.2, 3.6))
    axes = figure.subplots()
    for (name, distances), marker in zip(curves.items(), "os^D", strict=False):
        letters = np.arange(distances.shape[1])
        (line,) = axes.plot(letters, np.median(distances, axis=0), marker=marker, label=name)
        low, high = distances.min(axis=0), distances.max(axis=0)
        axes.fill_between(letters, low, high, color=line.get_color(), alpha=0.25, linewidth=0)
    first = np.median(next(iter(curves.values())), axis=0)
    straight = first[0] * rate ** np.arange(len(first))
    axes.plot(np.arange(len(first)), straight, "--", color="black", linewidth=1.2, label=label)
    axes.set(yscale="log", xlabel="last letters that two names share", ylabel="distance of states")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.yaxis.set_major_formatter(ScalarFormatter())
    axes.yaxis.set_minor_formatter(NullFormatter())
    axes.grid(axis="y")
    axes.legend()
    return figure
