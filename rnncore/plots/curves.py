"""Pictures of language models: losses by update and by order, distributions, texts by stage."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, NullFormatter, StrMethodFormatter
from numpy.typing import NDArray

Array = NDArray[Any]

MARKERS = "os^Dv"
DASHES = ("-", "--", ":", "-.", (0, (5, 1, 1, 1, 1, 1)))
WHOLE = StrMethodFormatter("{x:,.0f}")


class Losses(Protocol):
    """What a history of training must hold to be drawn."""

    @property
    def train_loss(self) -> Array:
        """Of each update."""

    @property
    def held_out(self) -> dict[int, float]:
        """By number of updates."""

    def reaches(self, level: float) -> float | None:
        """Return after how many updates the held-out loss falls to a level."""


def loss_curves(history: Losses, levels: Mapping[str, float] | None = None) -> Figure:
    """Draw training and held-out loss by update, and where held-out loss passes fixed levels.

    Parameters
    ----------
    history : rnncore.training.History
    levels : mapping from a name to a loss in nats
        Drawn as horizontal lines; a ring marks where the held-out curve crosses each.
    """
    levels = levels or {}
    figure = Figure(figsize=(6.8, 4.2))
    axes = figure.subplots()
    centres, means = _means_by_stretch(history.train_loss, 60)
    axes.plot(centres, means, color="0.6", linewidth=1.4, label="net, on what it trains on")
    updates = np.array(sorted(u for u in history.held_out if u > 0))
    losses = np.array([history.held_out[u] for u in updates])
    if len(updates):
        axes.plot(updates, losses, marker="o", label="net, on held-out text")
    right = max(len(history.train_loss), *updates, 1)
    for name, level in levels.items():
        axes.axhline(level, color="black", linewidth=0.9, linestyle="--")
        axes.annotate(
            name, (right * 1.25, level), xytext=(0, 2), textcoords="offset points", ha="left"
        )
        crossing = history.reaches(level)
        if crossing is not None:
            axes.plot(crossing, level, "o", markersize=11, fillstyle="none", color="#D55E00")
    axes.set(xscale="log", xlabel="updates", ylabel="loss")
    axes.set_xlim(1, right * (3.2 if levels else 1.2))
    axes.xaxis.set_major_formatter(WHOLE)
    axes.grid(axis="y")
    axes.legend(loc="upper right")
    return figure


def _means_by_stretch(values: Array, stretches: int) -> tuple[Array, Array]:
    """Average over stretches that grow, so that they are even on a logarithmic axis.

    Returns the middle of each stretch, counted from 1, and its mean.
    """
    edges = np.unique(np.geomspace(1, len(values) + 1, stretches).astype(int))
    sizes = np.diff(edges)
    means = np.add.reduceat(values, edges[:-1] - 1) / sizes
    return edges[:-1] + (sizes - 1) / 2, means


def losses_by_order(curves: Mapping[str, Sequence[float]]) -> Figure:
    """Draw losses of n-grams for n = 1, 2, 3, …

    Parameters
    ----------
    curves : mapping from a name to losses in nats, the first of them of order 1
    """
    figure = Figure(figsize=(5.6, 3.4))
    axes = figure.subplots()
    for (name, losses), marker, dash in zip(
        curves.items(), MARKERS[: len(curves)], DASHES[: len(curves)], strict=True
    ):
        axes.plot(range(1, len(losses) + 1), losses, marker=marker, linestyle=dash, label=name)
    axes.set(xlabel="order n (characters of context + 1)", ylabel="loss (nats a character)")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.grid(axis="y")
    axes.legend()
    return figure


def learning_stages(
    updates: Sequence[int],
    measures: Mapping[str, Sequence[float]],
    real: Mapping[str, float],
) -> Figure:
    """Draw what samples look like by stage of training, one panel a measure.

    Parameters
    ----------
    updates : sequence of int
        Above 0; the horizontal axis is logarithmic.
    measures : mapping from a name to shares (0 to 1), one for each entry of ``updates``
    real : mapping from the same names to the share in real text
        A dashed line.
    """
    figure = Figure(figsize=(7.2, 2.9))
    panels = figure.subplots(1, len(measures), sharey=True, squeeze=False)[0]
    for axes, (name, shares) in zip(panels, measures.items(), strict=True):
        axes.plot(updates, shares, marker="o")
        axes.axhline(real[name], color="black", linewidth=1.2, linestyle="--")
        axes.set(xscale="log", xlabel="updates", ylim=(0, 1.1))
        axes.set_title(name, fontsize=10)
        axes.set_xticks([1, 10, 100, 1000])
        axes.xaxis.set_major_formatter(WHOLE)
        axes.grid(axis="y")
    panels[0].set_ylabel("share")
    panels[-1].annotate(
        "real text",
        (updates[0], real[list(measures)[-1]]),
        xytext=(0, 3),
        textcoords="offset points",
    )
    return figure


def distributions(panels: Mapping[str, Array], symbols: Sequence[str], shown: int = 12) -> Figure:
    """Draw several distributions over the same symbols side by side.

    Parameters
    ----------
    panels : mapping from a title to probabilities (K,)
        The symbols are ordered by the first one.
    symbols : sequence of K str
        What stands beside the bars.
    shown : int
        How many of the most likely symbols are drawn; the last bar is all the others together.
    """
    order = np.argsort(-next(iter(panels.values())), kind="stable")
    names = [symbols[i] for i in order[:shown]] + ["others"]
    figure = Figure(figsize=(7.2, 3.8))
    grid = figure.subplots(1, len(panels), sharey=True, sharex=True, squeeze=False)[0]
    for axes, (title, probabilities) in zip(grid, panels.items(), strict=True):
        ranked = probabilities[order]
        bars = np.append(ranked[:shown], ranked[shown:].sum())
        axes.barh(range(shown + 1), bars, color=["#0072B2"] * shown + ["0.6"])
        axes.set_title(title, fontsize=10)
        axes.grid(axis="x")
        axes.tick_params(axis="y", length=0)
    grid[0].set_yticks(range(shown + 1), names)
    grid[0].invert_yaxis()
    figure.supxlabel("probability of the next character", fontsize=11)
    return figure


def by_position(panels: Mapping[str, Mapping[str, Array]], labels: Sequence[str]) -> Figure:
    """Draw quantities by the position after a prefix, one panel a quantity.

    Each curve is averaged over stretches of positions that grow with the position.

    Parameters
    ----------
    panels : mapping from a panel's title to a mapping from a curve's name to values (T,)
        The first value is at position 1; at most five curves a panel.
    labels : sequence of str
        The vertical axis of each panel.
    """
    figure = Figure(figsize=(7.2, 4.2))
    grid = figure.subplots(1, len(panels), squeeze=False)[0]
    for axes, (title, curves), label in zip(grid, panels.items(), labels, strict=True):
        for (name, values), dash in zip(curves.items(), DASHES[: len(curves)], strict=True):
            axes.plot(*_means_by_stretch(values, 24), linestyle=dash, label=name)
        axes.set(xscale="log", title=title, xlabel="characters after the prefix", ylabel=label)
        axes.xaxis.set_major_formatter(WHOLE)
        axes.xaxis.set_minor_formatter(NullFormatter())
        axes.grid(axis="y")
        axes.legend(loc="upper left", bbox_to_anchor=(0, -0.22), handlelength=3)
    return figure


@dataclass(frozen=True)
class SideBySide:
    """Texts with headings: beside each other in a wide page, below each other on a phone.

    Parameters
    ----------
    texts : mapping from a heading to a text
    """

    texts: Mapping[str, str]

    def __repr__(self) -> str:
        return "\n\n".join(f"--- {name}\n{text}" for name, text in self.texts.items())

    def _repr_html_(self) -> str:
        columns = "".join(
            f'<figure style="flex:1 1 15em;min-width:0;margin:0">'
            f"<figcaption><b>{html.escape(name)}</b></figcaption>"
            f'<pre style="white-space:pre-wrap;overflow-wrap:anywhere;font-size:0.8em">'
            f"{html.escape(text)}</pre></figure>"
            for name, text in self.texts.items()
        )
        return (
            f'<div class="side-by-side" style="display:flex;flex-wrap:wrap;gap:1em">{columns}</div>'
        )
