"""The book's matplotlib style and its colours by name."""

from importlib.resources import as_file, files

import matplotlib.pyplot as plt
from matplotlib_inline.backend_inline import set_matplotlib_formats

COLOURS = {
    "blue": "#0072B2",
    "vermilion": "#D55E00",
    "green": "#009E73",
    "purple": "#CC79A7",
    "orange": "#E69F00",
    "sky": "#56B4E9",
    "ink": "#333333",
}
"""Okabe and Ito's palette, told apart by colour-blind readers; the order of the style's cycle."""


def use_style() -> None:
    """Draw all later figures in the book's style; in a notebook, as SVG."""
    with as_file(files("rnncore.plots") / "book.mplstyle") as path:
        plt.style.use(path)
    set_matplotlib_formats("svg")
