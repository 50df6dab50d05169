"""The drawn shapes read and answer where they say, and number cells by when they can run."""

import pytest
from matplotlib.colors import to_rgba

from rnncore.plots.graphs import PALE_BLUE
from rnncore.plots.shapes import PALE_GREEN, SHAPES, deep_and_bidirectional, sequence_shapes


def texts(axes):
    return [text.get_text() for text in axes.texts if text.get_text()]


def symbols(axes, letter):
    return [text for text in texts(axes) if text.startswith(f"${letter}_")]


def dashed(axes):
    return [patch for patch in axes.patches if patch.get_linestyle() not in ("solid", "-")]


def test_each_shape_has_its_inputs_states_and_outputs():
    panels = sequence_shapes().axes
    assert len(panels) == len(SHAPES) + 1
    for axes, shape in zip(panels, SHAPES, strict=False):
        assert shape.title in (axes.get_title(loc="left"), axes.get_title())
        assert symbols(axes, "x") == [f"$x_{n + 1}$" for n in range(len(shape.inputs))]
        encoded = shape.encoded or shape.steps
        assert symbols(axes, "h") == [f"$h_{n + 1}$" for n in range(encoded)]
        assert symbols(axes, "s") == [f"$s_{n + 1}$" for n in range(shape.steps - encoded)]
        assert symbols(axes, "y") == [f"$y_{n + 1}$" for n in range(len(shape.outputs))]
        assert len(dashed(axes)) == len(shape.fed_back)


def test_shapes_are_what_their_titles_say():
    for shape in SHAPES:
        words = shape.title.split(",")[0].split(" to ")
        assert [len(shape.inputs) > 1, len(shape.outputs) > 1] == [word == "many" for word in words]
        assert shape.title.endswith("not aligned") or "not" not in shape.title
    aligned, apart = SHAPES[3:]
    assert aligned.inputs == aligned.outputs
    assert max(apart.inputs) < min(apart.outputs)


def test_only_the_shape_that_is_not_aligned_has_a_decoder_and_it_writes_after_the_reading():
    assert [shape.encoded for shape in SHAPES] == [None] * 4 + [3]
    apart = SHAPES[-1]
    assert max(apart.inputs) == apart.encoded < min(apart.outputs)


def test_states_of_the_decoder_have_a_tint_of_their_own():
    boxes = [patch for patch in sequence_shapes().axes[4].patches if hasattr(patch, "get_boxstyle")]
    tints = {patch.get_facecolor() for patch in boxes}
    assert to_rgba(PALE_BLUE) in tints
    assert to_rgba(PALE_GREEN) in tints


def test_what_is_fed_back_is_an_answer_and_has_a_next_step():
    for shape in SHAPES:
        assert set(shape.fed_back) <= set(shape.outputs)
        assert all(t < shape.steps for t in shape.fed_back)


def test_the_key_names_the_three_kinds_of_box():
    assert {"input", "state", "output", "fed back"} <= set(texts(sequence_shapes().axes[-1]))


def test_cells_of_a_deep_net_bear_the_stage_at_which_they_can_run():
    deep, _ = deep_and_bidirectional().axes
    stages = sorted(text for text in texts(deep) if text.isdigit())
    assert stages == sorted(str(t + layer) for t in (1, 2, 3) for layer in (0, 1))


def test_a_bidirectional_net_has_as_many_cells_each_way():
    _, both = deep_and_bidirectional().axes
    assert texts(both).count("→") == texts(both).count("←") == 3


@pytest.mark.parametrize("draw", [sequence_shapes, deep_and_bidirectional])
def test_text_is_legible_at_the_width_of_the_page(draw):
    figure = draw()
    assert figure.get_figwidth() <= 7.2
    for axes in figure.axes:
        assert all(text.get_fontsize() >= 9 for text in axes.texts)
