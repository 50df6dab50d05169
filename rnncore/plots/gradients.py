"""Pictures of gradients through time: their size by lag, a cliff, and what they can learn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle
from numpy.typing import NDArray

from rnncore.plots.style import COLOURS

Array = NDArray[Any]

_ORDER = ("ink", "vermilion", "blue", "green", "purple")
_DASHES = (":", "--", "-", "-.", (0, (5, 1, 1, 1, 1, 1)))
_MARKERS = "osD^v"
_LEAST = 1e-30


def gradient_by_lag(
    lags: Sequence[int],
    panels: Mapping[str, Mapping[str, Array]],
    eigenvalues: Mapping[str, Array],
) -> Figure:
    """Draw each matrix's eigenvalues, and below them the gradient's norm by lag.

    Parameters
    ----------
    lags : sequence of int
    panels : mapping from a title to a mapping from a name to norms (seeds, lags)
        A line is the median over the seeds, its band the 10 % to 90 % quantile; what is below
        1e-30 falls out of the panel.
    eigenvalues : mapping from the same names to complex arrays
        At most five.
    """
    figure = Figure(figsize=(7.2, 6.4))
    upper, lower = figure.subfigures(2, 1, height_ratios=(1, 2.4), squeeze=False)[:, 0]
    small = upper.subplots(1, len(eigenvalues), sharex=True, sharey=True, squeeze=False)[0]
    for axes, (name, values), colour in zip(small, eigenvalues.items(), _ORDER, strict=False):
        axes.add_patch(Circle((0, 0), 1, fill=False, color="0.6"))
        axes.plot(values.real, values.imag, "o", markersize=2, color=COLOURS[colour])
        axes.set(xlim=(-2, 2), ylim=(-2, 2), aspect="equal", xticks=(-1, 0, 1))
        axes.set_title(name, fontsize=10, loc="center")
    small[0].set(yticks=(-1, 0, 1), ylabel="imaginary part")
    upper.supxlabel("real part of the eigenvalues", fontsize=11)
    large = lower.subplots(1, len(panels), sharey=True, squeeze=False)[0]
    for axes, (title, curves) in zip(large, panels.items(), strict=True):
        _bands(axes, lags, curves)
        axes.set(yscale="log", ylim=(_LEAST, 1e5), xlabel="lag k", title=title)
        axes.grid(axis="y")
    large[0].set_ylabel("norm of the product")
    handles, names = large[0].get_legend_handles_labels()
    lower.legend(handles, names, loc="outside lower center", ncols=len(names), handlelength=2.2)
    return figure


def _bands(axes: Axes, lags: Sequence[int], curves: Mapping[str, Array]) -> None:
    for (name, norms), colour, dash in zip(curves.items(), _ORDER, _DASHES, strict=False):
        low, middle, high = np.quantile(norms, [0.1, 0.5, 0.9], axis=0)
        shown = middle > _LEAST
        axes.plot(
            np.array(lags)[shown], middle[shown], color=COLOURS[colour], linestyle=dash, label=name
        )
        axes.fill_between(lags, low, high, where=shown, color=COLOURS[colour], alpha=0.25, lw=0)


def solved_by_length(rows: Sequence[Mapping[str, Any]], limit: int) -> Figure:
    """Draw how many updates each run needed, by length and model; hollow where it was not solved.

    Parameters
    ----------
    rows : sequence of mappings
        Each with ``model``, ``T``, ``updates`` and ``solved``; models stand in the order in which
        they come, at most five.
    limit : int
        The updates that each run had.
    """
    models = list(dict.fromkeys(row["model"] for row in rows))
    lengths = sorted({row["T"] for row in rows})
    figure = Figure(figsize=(7.2, 3.4))
    panels = figure.subplots(1, len(lengths), sharey=True, squeeze=False)[0]
    for axes, T in zip(panels, lengths, strict=True):
        for place, (model, colour, marker) in enumerate(
            zip(models, _ORDER, _MARKERS, strict=False)
        ):
            runs = [row for row in rows if row["model"] == model and row["T"] == T]
            axes.plot([], [], marker, color=COLOURS[colour], markersize=6, label=model)
            for row, beside in zip(runs, np.linspace(-0.3, 0.3, len(runs)), strict=True):
                axes.plot(
                    place + beside,
                    row["updates"],
                    marker,
                    color=COLOURS[colour],
                    markerfacecolor=COLOURS[colour] if row["solved"] else "white",
                    markersize=6,
                )
        axes.axhline(limit, color="0.6", linewidth=1, zorder=0)
        axes.set(title=f"T = {T}", xlim=(-0.6, len(models) - 0.4), yscale="log", xticks=[])
        axes.set_ylim(100, 1.3 * limit)
        axes.set_yticks((100, 300, 1000, limit), ("100", "300", "1,000", f"{limit:,}"))
        axes.minorticks_off()
        axes.grid(axis="y")
    panels[0].set_ylabel("updates until solved")
    handles, names = panels[0].get_legend_handles_labels()
    figure.legend(
        handles,
        names,
        loc="outside lower center",
        ncols=len(names),
        columnspacing=1.2,
        handletextpad=0.2,
    )
    return figure


def cliff(
    w: Array, b: Array, error: Array, paths: Mapping[str, Array], errors: Mapping[str, Array]
) -> Figure:
    """Draw an error surface with paths of descent over it, and the error along each path.

    Parameters
    ----------
    w, b : array (columns,), array (rows,)
        The axes of the surface.
    error : array (rows, columns)
    paths : mapping from a name to points (steps, 2)
        The first is drawn up to the edge of the map; of the others the first 25 steps are drawn.
    errors : mapping from the same names to errors (any number of steps,)
    """
    figure = Figure(figsize=(7.2, 3.9))
    left, right = figure.subplots(1, 2, width_ratios=(1.25, 1))
    height = np.log10(np.maximum(error, 1e-5))
    surface = left.contourf(w, b, height, 24, cmap="Greys", vmax=1.5)
    surface.set_edgecolor("face")
    left.set(xlim=(w[0], w[-1]), ylim=(b[0], b[-1]), xlabel="w", ylabel="b")
    left.set_title("paths; the darker, the larger the error", fontsize=10)
    styles = zip(("vermilion", "blue"), "so", strict=True)
    for (name, path), (colour, marker) in zip(paths.items(), styles, strict=False):
        shown = _up_to_the_edge(path[:26], w, b)
        left.plot(*shown.T, color=COLOURS[colour], marker=marker, markersize=3.5, linewidth=1.4)
        right.plot(errors[name], color=COLOURS[colour], linewidth=1, label=name)
    left.plot(*next(iter(paths.values()))[0], "*", color="black", markersize=12)
    right.set(yscale="log", xlabel="step", ylabel="error")
    right.set_title("error along the path", fontsize=10)
    right.grid(axis="y")
    figure.legend(loc="outside lower center", ncols=len(paths))
    return figure


def _up_to_the_edge(path: Array, w: Array, b: Array) -> Array:
    """Return the path until it leaves the map, its last piece cut at the edge."""
    low, high = np.array([w[0], b[0]]), np.array([w[-1], b[-1]])
    outside = ((path < low) | (path > high)).any(axis=1)
    if not outside.any():
        return path
    first = int(outside.argmax())
    start, move = path[first - 1], path[first] - path[first - 1]
    room = np.where(move > 0, high, low) - start
    shares = np.divide(room, move, out=np.full(2, np.inf), where=move != 0)
    return np.vstack([path[:first], start + shares.min() * move])
