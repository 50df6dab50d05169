"""The pictures of samples, padding and gaps show what they are given."""

import numpy as np

from rnncore.plots.sequences import filled_gap, padding, samples


def titles(figure):
    return [axes.get_title(loc="left") or axes.get_title() for axes in figure.axes]


def test_a_sample_is_drawn_with_time_to_the_right_and_its_sizes():
    x = np.arange(6.0).reshape(3, 2)
    figure = samples({"a": x, "b": x.T, "c": x})
    assert titles(figure)[:3] == ["a: T = 3, D = 2", "b: T = 2, D = 3", "c: T = 3, D = 2"]
    np.testing.assert_array_equal(figure.axes[0].images[0].get_array(), x.T)
    assert [axes.get_visible() for axes in figure.axes] == [True, True, True, False]


def test_padding_fills_each_batch_up_to_its_longest_and_says_how_much_that_is():
    figure = padding({"as it comes": [[1, 3], [2, 2, 2]], "sorted": [[1, 2], [2, 2, 3]]})
    heights = [bar.get_height() for bar in figure.axes[0].patches]
    assert heights == [3, 3, 2, 2, 2, 1, 3, 2, 2, 2]
    assert titles(figure) == [
        "as it comes: 17% of the steps are padding",
        "sorted: 23% of the steps are padding",
    ]
    figure.draw_without_rendering()


def test_a_fill_is_drawn_in_its_gap_alone_with_its_mean_error():
    truth = np.array([1.0, 2.0, 4.0, 8.0])
    hidden = np.array([False, True, True, False])
    figure = filled_gap(truth, hidden, {"zero": 0 * truth, "right": truth, "two": truth + 2}, "µg")
    assert titles(figure)[:3] == ["zero: error 3", "right: error 0", "two: error 2"]
    real, fill = figure.axes[0].lines
    np.testing.assert_array_equal(real.get_ydata(), truth)
    np.testing.assert_array_equal(fill.get_xydata(), [[1, 0], [2, 0]])
    assert not figure.axes[3].get_visible()
    figure.draw_without_rendering()
