"""The figures of the class report, as SVG that takes the page's colours in light and dark."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Callable, Sequence
from importlib.resources import as_file, files
from statistics import median
from typing import Any

import numpy as np
from markupsafe import Markup
from matplotlib import rc_context
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, NullFormatter, PercentFormatter, StrMethodFormatter

from autograder.report_statistics import NO_REASON, Item

_OUTCOMES = {
    "all points": ("#009E73", ()),
    "not written": ("#BBBBBB", ("unwritten",)),
    "does not run": ("#CC79A7", ("broken", "undefined", "raised", "stopped", "died")),
    "wrong type or shape": ("#56B4E9", ("type", "shape", "dtype", "finite")),
    "wrong value": ("#E69F00", ("value",)),
    "over a limit": ("#D55E00", ("time", "memory", "refused", "lost")),
    NO_REASON: ("#F0E442", (NO_REASON,)),
}
"""Groups of failures, each with a colour on which black is read; told apart in grey by numbers."""

# Stand-ins that the page's own colours replace, so that a figure follows light and dark.
_INK, _LINE, _CARD = "#010203", "#010204", "#010205"
_STYLE: dict[Any, Any] = {
    **dict.fromkeys(("text.color", "axes.labelcolor", "axes.edgecolor"), _INK),
    **dict.fromkeys(("xtick.color", "ytick.color"), _INK),
    **dict.fromkeys(("figure.facecolor", "axes.facecolor", "savefig.facecolor"), "none"),
    **{"grid.color": _LINE, "svg.fonttype": "none", "text.parse_math": False},
}
_WIDTH = 4.2


def figures(
    notebook: str, scores: Sequence[float], most: float, every: Sequence[Item]
) -> list[dict[str, Any]]:
    """Draw all figures of one notebook, each with its caption.

    Parameters
    ----------
    notebook : str
    scores : sequence of float
        Of the automatic questions, one for each submission.
    most : float
        What they can reach.
    every : sequence of Item
        The automatic questions, at least one.
    """
    below = "the table below holds the numbers."
    drawn = [
        _svg(
            f"{notebook} scores",
            lambda: _distribution(scores, most),
            f"Histogram of the scores of {len(scores)} submissions out of {most:g} points, with "
            f"the median at {median(scores):g}.",
            "Scores, automatic questions only. The line is the median.",
        ),
        _svg(
            f"{notebook} outcomes",
            lambda: _outcomes(every),
            f"Bars of what became of each question, by how many submissions; {below}",
            "What became of each question, in submissions.",
        ),
        _svg(
            f"{notebook} difficulty",
            lambda: _difficulty(every),
            f"Two columns of dots by question, difficulty and discrimination; {below}",
            "Difficulty is the share of the points that the class got. Discrimination is the "
            "correlation with the score of all other automatic questions.",
        ),
    ]
    if any(second > 0 for item in every for second in item.seconds):
        times = _svg(
            f"{notebook} times",
            lambda: _times(every),
            f"CPU time by question, median and range on a logarithmic axis; {below}",
            "CPU time of the students' code. The dot is the median, the line reaches from the "
            "fastest to the slowest.",
        )
        drawn.append(times)
    return drawn


def _svg(name: str, draw: Callable[[], Figure], description: str, caption: str) -> dict[str, Any]:
    """Draw a figure in the book's style and return it as SVG that takes the page's colours.

    The name makes the figure's own ids differ from those of the page's other figures.
    """
    made = io.StringIO()
    with (
        as_file(files("rnncore.plots") / "book.mplstyle") as style,
        rc_context(_STYLE | {"svg.hashsalt": name}, fname=style),
    ):
        draw().savefig(made, format="svg", metadata={"Date": None})
    drawing = made.getvalue()
    for stand_in, colour in {
        _INK: "currentColor",
        _LINE: "var(--line)",
        _CARD: "var(--card)",
    }.items():
        drawing = drawing.replace(stand_in, colour)
    drawing = re.sub("<metadata>.*?</metadata>", "", drawing, flags=re.DOTALL)
    drawing = re.sub(r'<g id="[^"]*"', "<g", drawing)  # two figures have the same names
    box = re.search(r'viewBox="[^"]*"', drawing)
    body = drawing[drawing.index(">", drawing.index("<svg")) + 1 :]
    label = html.escape(description)
    opened = (
        f'<svg xmlns:xlink="http://www.w3.org/1999/xlink" {box[0] if box else ""} role="img" '
        f'aria-label="{label}">'
    )
    return {"svg": Markup(opened + body), "caption": caption}


def _distribution(scores: Sequence[float], most: float) -> Figure:
    figure = Figure(figsize=(_WIDTH, 2.9))
    axes = figure.subplots()
    bins = [most * step / 12 for step in range(13)]
    axes.hist(scores, bins=bins, color="#56B4E9", edgecolor=_CARD)
    axes.axvline(median(scores), color="#D55E00", linewidth=2)
    axes.set(xlabel="points", ylabel="submissions", xlim=(0, most))
    axes.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))
    axes.grid(axis="y")
    return figure


def _rows(every: Sequence[Item], panels: int, extra: float) -> tuple[Figure, Any]:
    """Return a figure with one line for each question, the first on top."""
    figure = Figure(figsize=(_WIDTH, 0.24 * len(every) + extra))
    grid = figure.subplots(1, panels, sharey=True, squeeze=False)[0]
    grid[0].set_yticks(range(len(every)), [f"{item.id}  {item.number}" for item in every])
    grid[0].set_ylim(len(every) - 0.4, -0.6)
    for axes in grid:
        axes.tick_params(axis="y", length=0)
    return figure, grid


def _outcomes(every: Sequence[Item]) -> Figure:
    figure, (axes,) = _rows(every, 1, 1.6)
    left = np.zeros(len(every))
    total = max(max(item.marked for item in every), 1)
    for name, (colour, kinds) in _OUTCOMES.items():
        width = np.array(
            [sum(item.failures[kind] for kind in kinds) if kinds else item.full for item in every]
        )
        if not width.any():
            continue
        bars: dict[str, Any] = {"left": left, "color": colour, "edgecolor": _CARD, "label": name}
        axes.barh(range(len(every)), width, height=0.8, **bars)
        for row, (start, count) in enumerate(zip(left, width, strict=True)):
            if count >= 0.05 * total:
                middle = start + count / 2
                axes.text(middle, row, str(count), ha="center", va="center", size=8, color="black")
        left += width
    axes.set(xlabel="submissions", xlim=(0, total))
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))
    figure.legend(loc="outside lower center", ncols=2, fontsize=9)
    return figure


def _difficulty(every: Sequence[Item]) -> Figure:
    figure, (shares, correlations) = _rows(every, 2, 1.0)
    for row, item in enumerate(every):
        if item.difficulty is not None:
            shares.plot(item.difficulty, row, "o", color="#0072B2", markersize=6)
        if item.discrimination is not None:
            correlations.plot(item.discrimination, row, "s", color="#D55E00", markersize=6)
        else:
            correlations.text(0.5, row, "n/a", ha="center", va="center", size=8)
    shares.set(xlabel="difficulty", xlim=(-0.04, 1.04), xticks=(0, 0.5, 1))
    shares.xaxis.set_major_formatter(PercentFormatter(1))
    lowest = min([i.discrimination for i in every if i.discrimination is not None], default=0.0)
    correlations.set(xlabel="discrimination", xlim=(min(-0.04, lowest - 0.1), 1.04))
    correlations.axvline(0, color=_INK, linewidth=0.8)
    for axes in (shares, correlations):
        axes.grid()
    return figure


def _times(every: Sequence[Item]) -> Figure:
    figure, (axes,) = _rows(every, 1, 1.0)
    for row, item in enumerate(every):
        milliseconds = [1000 * s for s in item.seconds if s > 0]
        if milliseconds:
            axes.plot((min(milliseconds), max(milliseconds)), (row, row), color="#56B4E9")
            axes.plot(median(milliseconds), row, "o", color="#0072B2", markersize=6)
    axes.set(xscale="log", xlabel="CPU time (ms)")
    axes.xaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.grid(axis="x")
    return figure
