"""The figures of language models show the numbers that they are given."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from rnncore import plots
from rnncore.training import History


def history(train_loss, held_out):
    return History(train_loss, train_loss, train_loss, held_out, {})


def test_loss_curves_hold_both_losses_and_the_levels():
    seen = history(np.linspace(3, 1, 200), {0: 4.0, 10: 3.0, 100: 2.0, 200: 1.5})
    axes = plots.loss_curves(seen, {"bigram": 2.5, "5-gram": 1.0}).axes[0]
    lines = {line.get_label(): line for line in axes.lines}
    held_out = lines["net, on held-out text"]
    np.testing.assert_allclose(held_out.get_xdata(), [10, 100, 200])
    np.testing.assert_allclose(held_out.get_ydata(), [3.0, 2.0, 1.5])
    train = lines["net, on what it trains on"].get_ydata()
    assert (np.diff(train) < 0).all()
    assert train[0] == 3
    assert {text.get_text() for text in axes.texts} >= {"bigram", "5-gram"}
    rings = [line for line in axes.lines if line.get_fillstyle() == "none"]
    np.testing.assert_allclose([ring.get_xydata()[0] for ring in rings], [[10 * 10**0.5, 2.5]])


def test_training_losses_are_averaged_over_stretches_that_cover_all_of_them():
    losses = np.random.default_rng(0).random(137)
    axes = plots.loss_curves(history(losses, {})).axes[0]
    centres, means = axes.lines[0].get_data()
    sizes, edge = [], 0.5
    for centre in centres:
        sizes.append(2 * (centre - edge))
        edge += sizes[-1]
    assert sum(sizes) == pytest.approx(137)
    assert np.dot(sizes, means) == pytest.approx(losses.sum())


def test_losses_by_order_start_at_one():
    axes = plots.losses_by_order({"a": [3.0, 2.0], "b": [3.0, 2.5]}).axes[0]
    for line, losses in zip(axes.lines, ([3.0, 2.0], [3.0, 2.5]), strict=True):
        np.testing.assert_allclose(line.get_xdata(), [1, 2])
        np.testing.assert_allclose(line.get_ydata(), losses)


def test_learning_stages_draw_each_measure_and_the_real_share():
    figure = plots.learning_stages(
        [1, 10], {"a": [0.1, 0.2], "b": [0.3, 0.4]}, {"a": 0.9, "b": 0.8}
    )
    for axes, shares, real in zip(figure.axes, ([0.1, 0.2], [0.3, 0.4]), (0.9, 0.8), strict=True):
        np.testing.assert_allclose(axes.lines[0].get_ydata(), shares)
        assert axes.lines[1].get_ydata()[0] == real


def test_distributions_order_symbols_by_the_first_and_sum_the_rest():
    panels = {"a": np.array([0.1, 0.6, 0.2, 0.1]), "b": np.array([0.0, 0.5, 0.3, 0.2])}
    figure = plots.distributions(panels, "wxyz", shown=2)
    labels = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert labels == ["x", "y", "others"]
    widths = [[bar.get_width() for bar in axes.patches] for axes in figure.axes]
    np.testing.assert_allclose(widths, [[0.6, 0.2, 0.2], [0.5, 0.3, 0.2]])


def test_by_position_starts_at_one():
    panels = {"p": {"a": np.array([1.0, 2.0]), "b": np.array([3.0, 4.0])}, "q": {"a": np.ones(2)}}
    figure = plots.by_position(panels, ["nats", "share"])
    assert isinstance(figure, Figure)
    np.testing.assert_allclose(figure.axes[0].lines[1].get_ydata(), [3, 4])
    np.testing.assert_allclose(figure.axes[0].lines[0].get_xdata(), [1, 2])
    with pytest.raises(ValueError, match="zip"):
        plots.by_position({"six curves": {name: np.ones(2) for name in "abcdef"}}, ["nats"])
    assert [axes.get_ylabel() for axes in figure.axes] == ["nats", "share"]


def test_texts_side_by_side_are_escaped_and_readable_without_html():
    texts = plots.SideBySide({"after <2>": "a & b\nc"})
    assert "a & b\nc" in repr(texts)
    page = texts._repr_html_()
    assert "after &lt;2&gt;" in page
    assert "a &amp; b\nc" in page
