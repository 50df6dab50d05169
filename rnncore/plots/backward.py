"""Drawing of backpropagation through time: the unrolled graph and the gradient on its way back."""

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyBboxPatch

from rnncore.plots.drawing import INK, PALE_ORANGE, VERMILION, Point, arrow

GREY = "#aaaaaa"
STATES, WEIGHTS = 1.3, 0.0  # heights of the two rows of a panel


def gradient_paths(T: int = 3) -> Figure:
    """Draw the unrolled graph, and below it the gradient after 1, 2, … T steps back.

    Parameters
    ----------
    T : int
        Number of steps; the loss hangs on the last state.

    Raises
    ------
    ValueError
        If T is not 1 to 6: beyond that the shares no longer fit beside each other.
    """
    if not 1 <= T <= 6:
        raise ValueError(f"T must be 1 to 6, got {T}")
    figure = Figure(figsize=(1.0 + 1.45 * T, 1.75 * (T + 1)))
    for back, axes in enumerate(figure.subplots(T + 1, 1)):
        # Step t is passed as soon as its δ is known, and that gives the gradient at h of t − 1.
        passed = set(range(T - back + 1, T + 2)) if back else set()
        for t in range(T + 2):
            _state(axes, t, T, reached=bool({t, t + 1} & passed))
        for t in range(1, T + 2):
            _step(axes, t, passed=t in passed)
        for t in range(1, T + 1):
            _copy_of_the_weight(axes, t, reached=t in passed)
        axes.set_title(_title(back, T))
        axes.set(xlim=(-0.55, 2 * T + 2.5), ylim=(-1.1, 1.9), aspect="equal")
        axes.axis("off")
    return figure


def _title(back: int, T: int) -> str:
    if back == 0:
        return "Forward"
    if back == T:
        return "Back to the start: the shares add up to the gradient"
    words = {1: "One step", 2: "Two steps", 3: "Three steps"}
    return f"{words.get(back, f'{back} steps')} back"


def _state(axes: Axes, t: int, T: int, reached: bool) -> None:
    """Draw node t, of which the last is the loss."""
    x, radius = 2.0 * t, 0.36
    edge = VERMILION if reached else INK
    fill = PALE_ORANGE if reached else "white"
    axes.add_patch(Circle((x, STATES), radius, facecolor=fill, edgecolor=edge, linewidth=1.3))
    name = r"$\mathcal{L}$" if t == T + 1 else f"$h_{{{t}}}$"
    axes.text(x, STATES, name, ha="center", va="center", fontsize=12)


def _step(axes: Axes, t: int, passed: bool) -> None:
    """Draw what leads from node t − 1 to node t, and the gradient's way back."""
    x = 2.0 * t
    _ahead(axes, (x - 1.64, STATES + 0.12), (x - 0.36, STATES + 0.12))
    if passed:
        _back(axes, (x - 0.36, STATES - 0.12), (x - 1.64, STATES - 0.12))


def _copy_of_the_weight(axes: Axes, t: int, reached: bool) -> None:
    x = 2.0 * t
    look: dict[str, Any] = {
        "facecolor": PALE_ORANGE if reached else "white",
        "edgecolor": VERMILION if reached else GREY,
    }
    shape = "round,pad=0,rounding_size=0.1"
    corner = (x - 0.45, WEIGHTS - 0.27)
    axes.add_patch(FancyBboxPatch(corner, 0.9, 0.54, boxstyle=shape, linewidth=1.2, **look))
    axes.text(x, WEIGHTS, "$W_{hh}$", ha="center", va="center", fontsize=11)
    _ahead(axes, (x - 0.12, WEIGHTS + 0.27), (x - 0.12, STATES - 0.36))
    if reached:
        _back(axes, (x + 0.12, STATES - 0.36), (x + 0.12, WEIGHTS + 0.27))
        share = rf"$\delta_{{{t}}}\, h_{{{t - 1}}}^\top$"
        axes.text(x, WEIGHTS - 0.7, share, ha="center", va="center", fontsize=11, color=VERMILION)


def _ahead(axes: Axes, start: Point, end: Point) -> None:
    arrow(axes, start, end, color=GREY, linewidth=1.1, mutation_scale=9)


def _back(axes: Axes, start: Point, end: Point) -> None:
    arrow(axes, start, end, color=VERMILION, linewidth=2.2, mutation_scale=13)
