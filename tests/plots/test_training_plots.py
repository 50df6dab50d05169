"""The figures of training show the numbers that they are given."""

import numpy as np
import pytest

from rnncore.plots import training as plots

VALUES = np.array([[4.0, 2.0, 1.0], [5.0, 3.0, 1.5], [9.0, 2.5, 0.5]])


def title_of(axes):
    """The title, in the middle by default and on the left in the book's style."""
    return axes.get_title() or axes.get_title(loc="left")


def test_truncation_bias_draws_medians_ranges_and_noise():
    curves = {"fresh": VALUES, "trained": 2 * VALUES}
    left, right = plots.truncation_bias([1, 2, 4], curves, curves, {"fresh": 0.3}).axes
    for axes in (left, right):
        for line, values in zip(axes.lines[:2], curves.values(), strict=True):
            np.testing.assert_allclose(line.get_xdata(), [1, 2, 4])
            np.testing.assert_allclose(line.get_ydata(), np.median(values, axis=0))
        band = axes.collections[0].get_paths()[0].vertices
        assert (band[:, 1].min(), band[:, 1].max()) == (0.5, 9.0)
    np.testing.assert_allclose(left.lines[2].get_ydata(), 0.3)
    assert left.texts[0].get_text() == "noise, fresh"


def test_rate_range_marks_the_chosen_rate_of_each_optimiser():
    rates = np.array([0.1, 1.0, 10.0])
    panels = {"SGD": (rates, VALUES), "Adam": (rates / 100, VALUES)}
    figure = plots.rate_range(panels, {"SGD": 1.0, "Adam": 0.02}, ceiling=6)
    for axes, (name, rate) in zip(figure.axes, (("SGD", 1.0), ("Adam", 0.02)), strict=True):
        assert title_of(axes) == name
        np.testing.assert_allclose(axes.lines[0].get_ydata(), np.median(VALUES, axis=0))
        assert set(axes.lines[1].get_xdata()) == {rate}
        assert axes.get_ylim() == pytest.approx((1.0 - 0.3, 6))


def test_training_bands_hold_curves_and_levels():
    panels = {"left": {"a": ([1, 2, 3], VALUES)}, "right": {"b": ([1, 2, 3], VALUES + 1)}}
    figure = plots.training_bands(panels, {"bigram": 2.5}, ylabel="nats")
    for axes, shift in zip(figure.axes, (0, 1), strict=True):
        np.testing.assert_allclose(axes.lines[0].get_ydata(), np.median(VALUES, axis=0) + shift)
        np.testing.assert_allclose(axes.lines[1].get_ydata(), 2.5)
    assert figure.axes[0].get_ylabel() == "nats"


def test_fold_scores_draw_means_and_standard_errors():
    axes = plots.fold_scores([4, 16, 48], {"one": VALUES}, {"naive": 1.0}, "error").axes[0]
    np.testing.assert_allclose(axes.lines[0].get_ydata(), VALUES.mean(axis=0))
    (bars,) = axes.containers[0].lines[2]
    heights = [np.ptp(path.vertices[:, 1]) / 2 for path in bars.get_paths()]
    np.testing.assert_allclose(heights, VALUES.std(axis=0, ddof=1) / 3**0.5)
    assert axes.texts[0].get_text() == "naive"


def test_curve_gallery_draws_the_sick_curve_in_colour_and_first():
    panels = {title: {"sick": ([0, 1], [2.0, 3.0]), "well": ([0, 1], [2.0, 1.0])} for title in "AB"}
    figure = plots.curve_gallery(panels)
    for axes, title in zip(figure.axes, "AB", strict=True):
        assert title_of(axes) == title
        sick, well = axes.lines
        np.testing.assert_allclose(sick.get_ydata(), [2, 3])
        assert sick.get_color() != well.get_color()
        assert sick.get_linestyle() != well.get_linestyle()


def test_stale_losses_leave_what_is_no_number_above_the_picture():
    broken = VALUES.copy()
    broken[:, 2] = np.inf
    axes = plots.stale_losses([0.1, 0.2, 0.4], {0: VALUES, 4: broken}, 4.2, ceiling=5).axes[0]
    np.testing.assert_allclose(axes.lines[0].get_ydata(), np.median(VALUES, axis=0))
    assert axes.lines[1].get_ydata()[2] > axes.get_ylim()[1] == 5
    assert axes.get_ylim()[0] == pytest.approx(0.4)
    np.testing.assert_allclose(axes.lines[2].get_ydata(), 4.2)
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["0", "4"]
