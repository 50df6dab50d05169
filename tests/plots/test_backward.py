"""The drawing of the gradient's way back grows by one step a panel."""

import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import FancyArrowPatch

from rnncore.plots import COLOURS
from rnncore.plots.backward import gradient_paths


def gradient_arrows(axes):
    arrows = [patch for patch in axes.patches if isinstance(patch, FancyArrowPatch)]
    return [a for a in arrows if to_hex(a.get_edgecolor()).upper() == COLOURS["vermilion"]]


def shares(axes):
    return [text.get_text() for text in axes.texts if "delta" in text.get_text()]


@pytest.mark.parametrize("T", [1, 3, 6])
def test_each_panel_goes_one_step_further_back(T):
    panels = gradient_paths(T).axes
    assert len(panels) == T + 1
    for back, axes in enumerate(panels):
        steps = range(T - back + 1, T + 1)
        assert shares(axes) == [rf"$\delta_{{{t}}}\, h_{{{t - 1}}}^\top$" for t in steps]
        # From the loss and through each step passed, and down to each step's copy of the weight.
        assert len(gradient_arrows(axes)) == (2 * back + 1 if back else 0)


def test_each_panel_shows_all_states_the_loss_and_one_weight_a_step():
    for axes in gradient_paths(3).axes:
        shown = [text.get_text() for text in axes.texts]
        assert [f"$h_{{{t}}}$" in shown for t in range(5)] == [True, True, True, True, False]
        assert shown.count("$W_{hh}$") == 3
        assert shown.count(r"$\mathcal{L}$") == 1


def test_titles_say_how_far_back():
    titles = [axes.get_title(loc="left") or axes.get_title() for axes in gradient_paths(3).axes]
    assert titles[:3] == ["Forward", "One step back", "Two steps back"]
    assert titles[3].startswith("Back to the start")


@pytest.mark.parametrize("T", [0, 7])
def test_a_length_that_does_not_fit_is_refused(T):
    with pytest.raises(ValueError, match=f"T must be 1 to 6, got {T}"):
        gradient_paths(T)
