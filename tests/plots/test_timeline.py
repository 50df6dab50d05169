"""The time line: labels keep order and distance, and every date is that of its source."""

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnncore.plots.timeline import HISTORY, THREADS, Event, spread, timeline

BIBLIOGRAPHY = Path(__file__).parents[2] / "chapters" / "references.bib"
EVENTS = [
    Event(1990, "A", "first", "cells", "a1990"),
    Event(1990, "B", "second", "learning", "b1990"),
    Event(2020, "C", "third", "cells", "c2020"),
]


def entry(source: str) -> str:
    found = re.search(
        rf"^@\w+{{{source},\n(.*?)^}}", BIBLIOGRAPHY.read_text("utf-8"), flags=re.M | re.S
    )
    assert found, f"{source} is not in the bibliography"
    return found[1]


def first_published(source: str) -> int:
    """Return the year of the preprint, if the entry names one, or of the publication."""
    text = entry(source)
    preprint = re.search(r"arxiv\.org/abs/(\d\d)", text)
    return 2000 + int(preprint[1]) if preprint else int(re.search(r"year += {(\d+)}", text)[1])


@pytest.mark.parametrize("event", HISTORY, ids=lambda event: event.source)
def test_an_event_has_the_year_and_the_first_author_of_its_source(event):
    assert event.year == first_published(event.source)
    author = re.search(r"author += {([^,]+),", entry(event.source))[1]
    assert event.who.startswith(author)
    assert event.thread in THREADS


def test_the_history_is_in_order_and_names_no_source_twice():
    years = [event.year for event in HISTORY]
    assert years == sorted(years)
    assert len({event.source for event in HISTORY}) == len(HISTORY)


def test_places_that_are_far_apart_stay_and_close_ones_share_the_shift():
    np.testing.assert_allclose(spread([0, 10, 20], 2), [0, 10, 20])
    np.testing.assert_allclose(spread([0, 10, 10, 20], 2), [0, 9, 11, 20])
    np.testing.assert_allclose(spread([5, 5, 5], 3), [2, 5, 8])


@given(st.lists(st.integers(0, 60), min_size=1, max_size=12), st.floats(0.5, 5))
def test_neighbours_keep_their_distance_and_the_middle_does_not_move(places, gap):
    places = sorted(places)
    moved = spread(places, gap)
    assert (np.diff(moved) >= gap - 1e-9).all()
    assert moved.mean() == pytest.approx(np.mean(places))


def test_places_out_of_order_are_refused():
    with pytest.raises(ValueError, match=r"ascending order, got \[3.0, 1.0\]"):
        spread([3, 1], 1)


def test_labels_stand_in_order_from_the_top_and_name_who_and_when():
    (axes,) = timeline(EVENTS).axes
    labels = [text.get_text().strip() for text in axes.texts]
    assert labels == ["first", "A 1990", "second", "B 1990", "third", "C 2020"]
    first, second, third = (axes.texts[i].get_position()[1] for i in (0, 2, 4))
    assert first < second < third
    assert second - first == pytest.approx(2.1)
    assert third == 2020
    assert axes.yaxis_inverted()


def test_each_year_has_a_dot_and_each_label_the_mark_of_its_thread():
    (axes,) = timeline(EVENTS).axes
    dots = axes.lines[1]
    assert dots.get_ydata().tolist() == [1990, 1990, 2020]
    marks = [line for line in axes.lines if list(line.get_xdata()) == [1.2]]
    assert [mark.get_marker() for mark in marks] == [THREADS[event.thread][1] for event in EVENTS]


def test_the_key_holds_the_threads_that_occur():
    (axes,) = timeline(EVENTS).axes
    words = [text.get_text() for text in axes.get_legend().get_texts()]
    assert words == [THREADS["learning"][0], THREADS["cells"][0]]


def test_text_is_legible_and_the_figure_fits_the_page():
    figure = timeline()
    assert figure.get_figwidth() <= 7.2
    assert all(text.get_fontsize() >= 9 for text in figure.axes[0].texts)
