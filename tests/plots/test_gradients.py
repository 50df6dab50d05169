"""The figures of gradients through time show the numbers that they are given."""

import numpy as np
import pytest

from rnncore.plots import gradients


def title(axes):
    """Return a panel's title, which the book's style puts on the left."""
    return axes.get_title(loc="left") or axes.get_title()


def test_gradient_by_lag_draws_medians_bands_and_eigenvalues():
    lags = [1, 2, 3]
    norms = np.arange(1, 12)[:, None] * np.array([1.0, 0.1, 0.01])
    figure = gradients.gradient_by_lag(
        lags, {"quiet": {"a": norms}, "loud": {"a": 2 * norms}}, {"a": np.array([0.5 + 0.25j, -1])}
    )
    small, quiet, loud = figure.axes
    np.testing.assert_allclose(small.lines[0].get_xydata(), [[0.5, 0.25], [-1, 0]])
    assert small.patches[0].get_radius() == 1
    for axes, factor in ((quiet, 1), (loud, 2)):
        np.testing.assert_allclose(axes.lines[0].get_xdata(), lags)
        np.testing.assert_allclose(axes.lines[0].get_ydata(), factor * np.array([6, 0.6, 0.06]))
        heights = axes.collections[0].get_paths()[0].vertices[:, 1]
        assert heights.max() == pytest.approx(factor * 10)  # the 90 % quantile of 1 to 11
        assert heights.min() == pytest.approx(factor * 0.02)
    assert [title(quiet), title(loud)] == ["quiet", "loud"]


def test_gradient_by_lag_leaves_out_what_is_too_small_to_show():
    norms = np.array([[1e-10, 1e-40]])
    figure = gradients.gradient_by_lag([1, 9], {"": {"a": norms}}, {"a": np.zeros(1)})
    np.testing.assert_allclose(figure.axes[1].lines[0].get_xdata(), [1])


def test_solved_runs_are_filled_and_unsolved_ones_hollow():
    rows = [
        {"model": "a", "T": 5, "updates": 150, "solved": True},
        {"model": "a", "T": 5, "updates": 2000, "solved": False},
        {"model": "b", "T": 9, "updates": 300, "solved": True},
    ]
    figure = gradients.solved_by_length(rows, 2000)
    short, long = figure.axes
    assert [title(short), title(long)] == ["T = 5", "T = 9"]
    runs = [line for line in short.lines if len(line.get_xdata()) == 1]
    assert [float(line.get_ydata()[0]) for line in runs] == [150, 2000]
    faces = [line.get_markerfacecolor() for line in runs]
    assert faces[0] == runs[0].get_color()
    assert faces[1] == "white"
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["a", "b"]


AXIS = np.array([0.0, 1.0, 2.0])


def draw_cliff(path):
    surface = np.ones((3, 3))
    other = np.array([[1.0, 1.0]] * 40)
    errors = {"free": np.array([0.5, 0.25]), "kept": np.full(40, 0.1)}
    return gradients.cliff(AXIS, AXIS, surface, {"free": path, "kept": other}, errors)


def test_a_path_off_the_map_is_cut_at_the_edge():
    left, _ = draw_cliff(np.array([[1.0, 1.0], [1.0, 0.5], [9.0, 8.5], [1.0, 1.0]])).axes
    np.testing.assert_allclose(left.lines[0].get_xydata(), [[1, 1], [1, 0.5], [2, 1.5]])


def test_a_path_that_leaves_straight_up_is_cut_at_the_edge():
    left, _ = draw_cliff(np.array([[1.0, 1.0], [1.0, 5.0]])).axes
    np.testing.assert_allclose(left.lines[0].get_xydata(), [[1, 1], [1, 2]])


def test_a_path_on_the_map_is_drawn_for_25_steps_and_its_error_whole():
    inside = np.array([[1.0, 1.0], [1.5, 0.5]])
    left, right = draw_cliff(inside).axes
    np.testing.assert_allclose(left.lines[0].get_xydata(), inside)
    assert len(left.lines[1].get_xydata()) == 26
    np.testing.assert_allclose(right.lines[0].get_ydata(), [0.5, 0.25])
    assert len(right.lines[1].get_ydata()) == 40
    np.testing.assert_allclose(left.lines[2].get_xydata(), [inside[0]])
