"""Drawings of the recurrent cell: unrolled in time, from inside, as matrices, and its relatives."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch, Rectangle
from matplotlib.path import Path
from numpy.typing import NDArray

from rnncore.plots.drawing import (
    BLUE,
    INK,
    PALE_BLUE,
    PALE_ORANGE,
    VERMILION,
    Point,
    arrow,
    box,
    canvas,
)

Array = NDArray[Any]


def unrolled(inputs: Sequence[str]) -> Figure:
    """Draw the cell with its loop, and below it the same cell after one, two, … T steps.

    Parameters
    ----------
    inputs : sequence of str, length T
        What each step reads; short, as it stands in a circle.

    Raises
    ------
    ValueError
        If there is no input.
    """
    T = len(inputs)
    if T < 1:
        raise ValueError("inputs must hold at least one string, got none")
    figure = Figure(figsize=(5.2, 1.35 * (T + 1)))
    rows = figure.subplots(T + 1, 1)
    _folded(rows[0])
    for steps, axes in enumerate(rows[1:], start=1):
        for t, letter in enumerate(inputs[:steps], start=1):
            _unrolled_step(axes, t, letter, new=t == steps)
    for axes in rows:
        canvas(axes, (-0.4, 2 * T + 1.6), (-0.2, 1.8))
    return figure


def recurrent_cell() -> Figure:
    """Draw one step from inside: two products, their sum, φ and the read-out, with all shapes."""
    figure = Figure(figsize=(5.2, 3.5))
    axes = figure.subplots()
    axes.add_patch(Rectangle((1.05, 0.55), 4.45, 2.6, facecolor="#f4f4f4", edgecolor="none"))
    box(axes, (2.1, 2.3), r"$W_{hh}\,\cdot\,+\,b_{hh}$", "(H×H), (H)", width=1.7, height=0.95)
    box(axes, (2.1, 1.15), r"$W_{ih}\,\cdot\,+\,b_{ih}$", "(H×D), (H)", width=1.7, height=0.95)
    _node(axes, (3.75, 2.3), "+", radius=0.24)
    box(axes, (4.8, 2.3), r"$\varphi$", width=0.7, height=0.7, fill=PALE_BLUE)
    box(axes, (5.6, 3.9), r"$W_{hy}\,\cdot\,+\,b_{y}$", "(K×H), (K)", width=1.7, height=0.95)
    arrow(axes, (0.55, 2.3), (1.25, 2.3))
    arrow(axes, (0.55, 1.15), (1.25, 1.15))
    arrow(axes, (2.95, 2.3), (3.51, 2.3))
    arrow(axes, (2.95, 1.15), (3.62, 2.1))
    arrow(axes, (3.99, 2.3), (4.45, 2.3))
    arrow(axes, (5.15, 2.3), (6.9, 2.3))
    arrow(axes, (5.85, 2.3), (5.85, 3.43))
    arrow(axes, (6.45, 3.9), (6.9, 3.9))
    for (x, y), symbol, size in [
        ((0.1, 2.3), r"$h_{t-1}$", "(H)"),
        ((0.1, 1.15), "$x_t$", "(D)"),
        ((7.2, 2.3), "$h_t$", "(H)"),
        ((7.2, 3.9), "$y_t$", "(K)"),
    ]:
        axes.text(x, y, symbol, ha="center", va="center", fontsize=13)
        axes.text(x, y - 0.42, size, ha="center", va="center", fontsize=10)
    canvas(axes, (-0.3, 7.6), (0.45, 4.5))
    return figure


def columns_and_rows(weight: Array, x: Array) -> Figure:
    """Draw W x for one column, and below it x Wᵀ for the rows of a batch, with their numbers.

    The first row of the batch is the column above it and stands out.

    Parameters
    ----------
    weight : array (H, D)
    x : array (N, D)

    Raises
    ------
    ValueError
        If the shapes do not fit together.
    """
    if weight.ndim != 2 or x.ndim != 2 or weight.shape[1] != x.shape[1]:
        raise ValueError(
            f"weight (H, D) and x (N, D) must share D, got {weight.shape} and {x.shape}"
        )
    figure = Figure(figsize=(5.2, 0.33 * (x.shape[1] + max(x.shape)) + 1.5))
    heights = [x.shape[1], max(x.shape)]
    top, bottom = figure.subplots(2, 1, height_ratios=heights)
    marked = x[:1]
    first = [(weight, r"$W_{ih}$", False), (marked.T, "$x_t$", True)]
    _product(top, [*first, (weight @ marked.T, r"$W_{ih}\,x_t$", True)], "")
    top.set_title("In equations: one column")
    second = [(x, "x[t]", True), (weight.T, "weight_ih.T", False)]
    _product(bottom, [*second, (x @ weight.T, "product", True)], "@")
    bottom.set_title("In code: a batch of rows")
    return figure


def elman_and_jordan() -> Figure:
    """Draw Elman's net, whose state comes back, beside Jordan's, whose output comes back."""
    figure = Figure(figsize=(5.2, 3.3))
    for axes, name in zip(figure.subplots(1, 2), ("Elman", "Jordan"), strict=True):
        for y, symbol in [(0, "$x_t$"), (1.4, "$h_t$"), (2.8, "$y_t$")]:
            fill = PALE_BLUE if y == 1.4 else "white"
            box(axes, (0, y), symbol, width=1.1, height=0.7, fill=fill)
        arrow(axes, (0, 0.35), (0, 1.05))
        arrow(axes, (0, 1.75), (0, 2.45))
        start, label = (1.56, "$W_{hh}$") if name == "Elman" else (2.8, "$W_{yh}$")
        _way_back(axes, [(0.55, start), (1.3, start), (1.3, 1.24), (0.55, 1.24)])
        axes.text(1.45, (start + 1.24) / 2, label, va="center", fontsize=12)
        axes.set_title(f"{name}: {'state' if name == 'Elman' else 'output'} returns")
        canvas(axes, (-0.9, 2.4), (-0.5, 3.3))
    return figure


def _node(axes: Axes, centre: Point, text: str, radius: float = 0.27) -> None:
    axes.add_patch(Circle(centre, radius, facecolor="white", edgecolor=INK, linewidth=1.2))
    axes.text(*centre, text, ha="center", va="center", fontsize=12)


def _way_back(axes: Axes, corners: Sequence[Point]) -> None:
    """Draw, along corners, what one step hands to the next."""
    axes.add_patch(
        FancyArrowPatch(
            path=Path(corners),
            arrowstyle="-|>",
            mutation_scale=13,
            color=VERMILION,
            linewidth=2,
            fill=False,
            joinstyle="round",
        )
    )


def _folded(axes: Axes) -> None:
    box(axes, (2, 1.1), "cell", fill=PALE_BLUE)
    _node(axes, (2, 0.12), "$x_t$")
    arrow(axes, (2, 0.39), (2, 0.7))
    _way_back(axes, [(2.5, 1.1), (2.8, 1.1), (2.8, 1.72), (1.2, 1.72), (1.2, 1.1), (1.5, 1.1)])
    axes.text(3.1, 1.1, "$h_t$ returns as $h_{t-1}$", va="center")


def _unrolled_step(axes: Axes, t: int, letter: str, new: bool) -> None:
    x = 2 * t
    look: dict[str, Any] = {"fill": PALE_BLUE, "edge": BLUE, "line": 2.5} if new else {}
    box(axes, (x, 1.1), "cell", **look)
    _node(axes, (x, 0.12), letter)
    arrow(axes, (x, 0.39), (x, 0.7))
    if t == 1:
        axes.text(0.3, 1.1, "$h_0$", ha="right", va="center")
        arrow(axes, (0.4, 1.1), (1.5, 1.1))
    arrow(axes, (x + 0.5, 1.1), (x + 1.5, 1.1) if not new else (x + 1.0, 1.1))
    place = (x + 1, 1.25) if not new else (x + 1.3, 1.1)
    axes.text(place[0], place[1], f"$h_{{{t}}}$", ha="center", va="center" if new else "bottom")


def _product(axes: Axes, terms: Sequence[tuple[Array, str, bool]], operator: str) -> None:
    """Draw A · B = C with names below; in a marked matrix the first example stands out."""
    tallest = max(matrix.shape[0] for matrix, _, _ in terms)
    x = 0.0
    for (matrix, name, marked), sign in zip(terms, (operator, "=", ""), strict=True):
        rows, columns = matrix.shape
        bottom = (tallest - rows) / 2
        for i, j in np.ndindex(rows, columns):
            stands_out = marked and (i == 0 or columns == 1)
            corner = (x + j, bottom + rows - 1 - i)
            fill = PALE_ORANGE if stands_out else "white"
            axes.add_patch(Rectangle(corner, 1, 1, facecolor=fill, edgecolor=INK, linewidth=0.8))
            weight = "bold" if stands_out else "normal"
            number = f"{matrix[i, j]:g}".replace("-", "−")
            middle = (corner[0] + 0.5, corner[1] + 0.5)
            axes.text(*middle, number, ha="center", va="center", fontweight=weight)
        axes.text(x + columns / 2, bottom - 0.2, name, ha="center", va="top")
        axes.text(x + columns + 0.9, tallest / 2, sign, ha="center", va="center", fontsize=14)
        x += columns + 1.8
    canvas(axes, (-1.2, x), (-1.1, tallest + 0.1))
