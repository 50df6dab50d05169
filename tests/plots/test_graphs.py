"""The drawings show the symbols and numbers they are given, and refuse what does not fit."""

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from rnncore.plots import COLOURS, columns_and_rows, elman_and_jordan, recurrent_cell, unrolled


def texts(axes):
    return [text.get_text() for text in axes.texts if text.get_text()]


@pytest.mark.parametrize("word", ["a", "amy", "vowel"])
def test_unrolled_grows_by_one_cell_a_row(word):
    folded, *rows = unrolled(word).axes
    assert len(rows) == len(word)
    assert texts(folded).count("cell") == 1
    for steps, axes in enumerate(rows, start=1):
        shown = texts(axes)
        assert shown.count("cell") == steps
        assert [text for text in shown if text in word] == list(word[:steps])
        assert [f"$h_{{{t}}}$" in shown for t in range(1, len(word) + 1)] == [
            t <= steps for t in range(1, len(word) + 1)
        ]


def test_unrolled_marks_the_newest_cell_alone():
    for axes in unrolled("amy").axes[1:]:
        edges = [to_hex(patch.get_edgecolor()).upper() for patch in axes.patches]
        assert edges.count(COLOURS["blue"]) == 1


def test_unrolled_needs_an_input():
    with pytest.raises(ValueError, match="inputs must hold at least one"):
        unrolled([])


def test_recurrent_cell_names_every_symbol_and_shape():
    (axes,) = recurrent_cell().axes
    shown = " ".join(texts(axes))
    for symbol in ("W_{hh}", "b_{hh}", "W_{ih}", "b_{ih}", r"\varphi", "W_{hy}", "b_{y}"):
        assert symbol in shown
    for symbol, shape in {"h_{t-1}": "(H)", "x_t": "(D)", "h_t": "(H)", "y_t": "(K)"}.items():
        assert f"${symbol}$ {shape}" in shown
    for shape in ("(H×H), (H)", "(H×D), (H)", "(K×H), (K)"):
        assert shape in shown


def test_columns_and_rows_shows_both_products():
    weight, x = np.array([[1, 0, 2], [-1, 1, 0]]), np.array([[1, 2, 3], [0, 1, 0.5]])
    top, bottom = columns_and_rows(weight, x).axes
    assert texts(top)[:6] == ["1", "0", "2", "−1", "1", "0"]
    assert texts(top)[-3:-1] == ["7", "1"]
    assert texts(bottom)[-5:-1] == ["7", "1", "1", "1"]


def test_columns_and_rows_marks_the_same_example_in_both():
    x = np.arange(12.0).reshape(4, 3)
    for axes in columns_and_rows(np.ones((2, 3)), x).axes:
        marked = [text.get_text() for text in axes.texts if text.get_fontweight() == "bold"]
        assert marked == ["0", "1", "2", "3", "3"]
        filled = [p for p in axes.patches if isinstance(p, Rectangle) and p.get_facecolor()[2] < 1]
        assert len(filled) == len(marked)


@pytest.mark.parametrize("x_shape", [(4, 2), (3,)])
def test_columns_and_rows_refuses_shapes_that_do_not_fit(x_shape):
    with pytest.raises(ValueError, match="must share D"):
        columns_and_rows(np.ones((2, 3)), np.ones(x_shape))


def test_elman_returns_the_state_and_jordan_the_output():
    elman, jordan = elman_and_jordan().axes
    assert elman.get_title(loc="left") or elman.get_title()
    assert "$W_{hh}$" in texts(elman)
    assert "$W_{yh}$" not in texts(elman)
    assert "$W_{yh}$" in texts(jordan)
    assert "$W_{hh}$" not in texts(jordan)


@pytest.mark.parametrize(
    "figure",
    [unrolled("amy"), recurrent_cell(), columns_and_rows(np.eye(2), np.eye(2)), elman_and_jordan()],
    ids=["unrolled", "cell", "columns", "elman"],
)
def test_text_is_legible_at_the_width_of_the_page(figure: Figure):
    assert figure.get_figwidth() <= 7.2
    for axes in figure.axes:
        assert all(text.get_fontsize() >= 9 for text in axes.texts)
