"""The pictures of states show the arrays they are given."""

import numpy as np
import pytest

from rnncore.plots import fading, state_maps


def test_each_word_has_a_map_with_letters_across_and_units_down():
    rng = np.random.default_rng(0)
    words = ["ann", "bo"]
    states = [rng.uniform(-1, 1, (len(word), 5)) for word in words]
    panels = state_maps(states, words).axes[:2]
    for axes, word, h in zip(panels, words, states, strict=True):
        (image,) = axes.images
        np.testing.assert_array_equal(image.get_array(), h.T)
        assert [label.get_text() for label in axes.get_xticklabels()] == list(word)


def test_all_maps_share_one_scale_with_zero_in_the_middle():
    for axes in state_maps([np.full((2, 3), 0.1), np.full((1, 3), -0.43)], ["ab", "c"]).axes[:2]:
        assert axes.images[0].get_clim() == (-0.5, 0.5)


def test_frames_enclose_the_named_columns_and_groups_differ_in_line_style():
    states, words = [np.ones((3, 4)), np.ones((2, 4))], ["abc", "de"]
    frames = [[(0, 0, 1), (1, 0, 0)], [(0, 2, 2)]]
    first, second = state_maps(states, words, frames).axes[:2]
    wide, narrow = first.patches
    assert wide.get_bbox().extents.tolist() == [-0.5, -0.5, 1.5, 3.5]
    assert narrow.get_bbox().extents.tolist() == [1.5, -0.5, 2.5, 3.5]
    assert wide.get_linestyle() != narrow.get_linestyle()
    assert [patch.get_linestyle() for patch in second.patches] == [wide.get_linestyle()]


def test_a_word_and_its_states_have_one_length():
    with pytest.raises(ValueError, match=r"states of 'abc' must have 3 rows, got 2"):
        state_maps([np.zeros((2, 4))], ["abc"])


def test_fading_draws_median_and_range_over_the_seeds():
    distances = np.array([[1.0, 0.5], [3.0, 0.7], [2.0, 0.9]])
    (axes,) = fading({"torch": distances}, rate=0.5, label="half").axes
    curve, straight = axes.lines
    np.testing.assert_array_equal(curve.get_ydata(), [2.0, 0.7])
    np.testing.assert_allclose(straight.get_ydata(), [2.0, 1.0])
    heights = axes.collections[0].get_paths()[0].vertices[:, 1]
    assert (heights.min(), heights.max()) == (0.5, 3.0)


def test_curves_differ_in_their_markers_too():
    curves = {name: np.ones((2, 3)) for name in ("torch", "orthogonal")}
    (axes,) = fading(curves, rate=0.5, label="half").axes
    markers = [line.get_marker() for line in axes.lines[:2]]
    assert len(set(markers)) == 2
