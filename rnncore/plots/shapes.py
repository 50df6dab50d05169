"""Drawings of a recurrent net's shapes: where inputs go in, outputs come out, layers run."""

from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from rnncore.plots.drawing import (
    PALE_BLUE,
    PALE_ORANGE,
    VERMILION,
    Point,
    arrow,
    box,
    canvas,
)

INPUT, STATE, OUTPUT = 0.0, 1.3, 2.6
"""Heights of the three rows."""

PALE_GREEN = "#d3eee4"
"""Tint of a decoder's states."""


@dataclass(frozen=True)
class Shape:
    """Where a net reads and where it answers.

    Parameters
    ----------
    title : str
    inputs, outputs : tuple of int
        Steps, counted from 1, that read and that answer.
    steps : int
    fed_back : tuple of int
        Steps whose answer is the next step's input.
    encoded : int or None
        Steps of the encoder, where a decoder follows; its states are s, counted from 1.
    """

    title: str
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    steps: int
    fed_back: tuple[int, ...] = ()
    encoded: int | None = None


SHAPES = (
    Shape("one to one", (1,), (1,), 1),
    Shape("many to one", (1, 2, 3), (3,), 3),
    Shape("one to many", (1,), (1, 2, 3), 3, fed_back=(1, 2)),
    Shape("many to many, aligned", (1, 2, 3), (1, 2, 3), 3),
    Shape("many to many, not aligned", (1, 2, 3), (4, 5), 5, fed_back=(4,), encoded=3),
)


def sequence_shapes() -> Figure:
    """Draw the five shapes of a sequence task in one style, and a key to them."""
    figure = Figure(figsize=(5.6, 5.0))
    panels = figure.subplots(3, 2).ravel()
    for axes, shape in zip(panels, SHAPES, strict=False):
        _draw(axes, shape)
    _key(panels[-1])
    for axes in panels:
        canvas(axes, (0.3, 5.7), (-0.5, 3.1))
    return figure


def deep_and_bidirectional() -> Figure:
    """Draw two layers over each other, and two directions over the same inputs.

    In the deep net each cell bears the stage at which it can run: those of one number wait for
    nothing but lower numbers, and can run at the same time.
    """
    figure = Figure(figsize=(5.8, 3.3))
    deep, both = figure.subplots(1, 2)
    deep.set_title("deep: two layers")
    both.set_title("bidirectional")
    for t in (1, 2, 3):
        for layer in (1, 2):
            box(deep, (1.5 * t, 1.3 * layer), f"{layer + t - 1}", width=0.9, fill=PALE_BLUE)
            if t > 1:
                arrow(deep, (1.5 * t - 1.05, 1.3 * layer), (1.5 * t - 0.45, 1.3 * layer))
            arrow(deep, (1.5 * t, 1.3 * layer - 0.9), (1.5 * t, 1.3 * layer - 0.4))
        arrow(deep, (1.5 * t, 3.0), (1.5 * t, 3.5))
        _bidirectional_step(both, t)
        for axes in (deep, both):
            box(axes, (1.5 * t, INPUT), f"$x_{t}$", width=0.9)
            box(axes, (1.5 * t, 3.9), f"$y_{t}$", width=0.9, fill=PALE_ORANGE)
    for axes in (deep, both):
        canvas(axes, (0.5, 5.5), (-0.5, 4.4))
    return figure


def _draw(axes: Axes, shape: Shape) -> None:
    """Draw one shape; inputs and outputs are each numbered from 1, whatever their step."""
    axes.set_title(shape.title)
    for t in range(1, shape.steps + 1):
        symbol, fill = _state(shape, t)
        box(axes, (t, STATE), symbol, width=0.7, height=0.7, fill=fill)
        if t > 1:
            arrow(axes, (t - 0.65, STATE), (t - 0.35, STATE))
    for number, t in enumerate(shape.inputs, start=1):
        box(axes, (t, INPUT), f"$x_{number}$", width=0.7, height=0.7)
        arrow(axes, (t, INPUT + 0.35), (t, STATE - 0.35))
    for number, t in enumerate(shape.outputs, start=1):
        box(axes, (t, OUTPUT), f"$y_{number}$", width=0.7, height=0.7, fill=PALE_ORANGE)
        arrow(axes, (t, STATE + 0.35), (t, OUTPUT - 0.35))
    for t in shape.fed_back:
        _fed_back(axes, (t + 0.35, OUTPUT), (t + 1, STATE + 0.35))


def _state(shape: Shape, t: int) -> tuple[str, str]:
    if shape.encoded is None or t <= shape.encoded:
        return f"$h_{t}$", PALE_BLUE
    return f"$s_{t - shape.encoded}$", PALE_GREEN


def _fed_back(axes: Axes, start: Point, end: Point) -> None:
    arrow(axes, start, end, color=VERMILION, linestyle=(0, (2, 1.5)), linewidth=1.6)


def _key(axes: Axes) -> None:
    for y, symbol, fill, meaning in [
        (INPUT, "$x$", "white", "input"),
        (STATE, "$h$", PALE_BLUE, "state"),
        (OUTPUT, "$y$", PALE_ORANGE, "output"),
    ]:
        box(axes, (1, y), symbol, width=0.7, height=0.7, fill=fill)
        axes.text(1.55, y, meaning, va="center", fontsize=11)
    _fed_back(axes, (3.0, OUTPUT), (3.8, OUTPUT))
    axes.text(3.95, OUTPUT, "fed back", va="center", fontsize=11)


def _bidirectional_step(axes: Axes, t: int) -> None:
    """Draw one step: the forward cell low and left, the backward cell high and right."""
    ahead, back = (1.5 * t - 0.28, 1.3), (1.5 * t + 0.28, 2.6)
    box(axes, ahead, "→", width=0.7, height=0.7, fill=PALE_BLUE)
    box(axes, back, "←", width=0.7, height=0.7, fill=PALE_BLUE)
    arrow(axes, (ahead[0], 0.4), (ahead[0], 0.95))
    arrow(axes, (back[0], 0.4), (back[0], 2.25))
    arrow(axes, (ahead[0], 1.65), (ahead[0], 3.5))
    arrow(axes, (back[0], 2.95), (back[0], 3.5))
    if t > 1:
        arrow(axes, (ahead[0] - 1.15, 1.3), (ahead[0] - 0.35, 1.3))
        arrow(axes, (back[0] - 0.35, 2.6), (back[0] - 1.15, 2.6))
