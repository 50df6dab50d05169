"""Pieces of the drawings of nets: boxes, arrows, and an empty canvas to put them on."""

from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from rnncore.plots.style import COLOURS

Point = tuple[float, float]

INK, BLUE, VERMILION = COLOURS["ink"], COLOURS["blue"], COLOURS["vermilion"]
PALE_BLUE, PALE_ORANGE = "#dcecf7", "#fbe3d3"


def canvas(axes: Axes, x_limits: Point, y_limits: Point) -> None:
    """Set the part of the plane that is seen, both axes to one scale, without a frame."""
    axes.set(xlim=x_limits, ylim=y_limits, aspect="equal")
    axes.axis("off")


def box(
    axes: Axes,
    centre: Point,
    text: str,
    below: str = "",
    *,
    width: float = 1.0,
    height: float = 0.8,
    fill: str = "white",
    edge: str = INK,
    line: float = 1.2,
) -> None:
    """Draw a rounded box with a symbol in it and, where it is given, a word below the symbol."""
    x, y = centre
    axes.add_patch(
        FancyBboxPatch(
            (x - width / 2, y - height / 2),
            width,
            height,
            boxstyle="round,pad=0,rounding_size=0.1",
            facecolor=fill,
            edgecolor=edge,
            linewidth=line,
        )
    )
    lift = 0.18 if below else 0
    axes.text(x, y + lift, text, ha="center", va="center", fontsize=12)
    axes.text(x, y - 0.22, below, ha="center", va="center", fontsize=10)


def arrow(axes: Axes, start: Point, end: Point, **shape: Any) -> None:
    """Draw an arrow; ``shape`` changes what matplotlib's `FancyArrowPatch` is told."""
    axes.add_patch(
        FancyArrowPatch(
            start,
            end,
            arrowstyle="-|>",
            shrinkA=0,
            shrinkB=0,
            **{"color": INK, "linewidth": 1.3, "mutation_scale": 11, **shape},
        )
    )
