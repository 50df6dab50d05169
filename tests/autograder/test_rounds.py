"""Marking rounds: one seed, drawn once, kept, and another one when asked for."""

import json

import pytest

from autograder.course import CourseError
from autograder.rounds import marking_round


@pytest.fixture
def course(course):
    course.classroom.mkdir()
    return course


def test_a_seed_is_drawn_once_and_kept(course):
    first = marking_round(course, "toy")
    assert first.number == 1
    assert marking_round(course, "toy") == first
    assert marking_round(course, "toy", seed=first.seed) == first
    kept = json.loads((course.classroom / "rounds.json").read_text())
    assert [entry["seed"] for entry in kept["toy"]] == [first.seed]


def test_another_round_has_another_seed_and_the_first_stays_on_file(course):
    first, other = marking_round(course, "toy"), marking_round(course, "other")
    second = marking_round(course, "toy", another=True)
    third = marking_round(course, "toy", seed=5)
    assert (second.number, third.number, third.seed) == (2, 3, 5)
    assert len({first.seed, second.seed, third.seed, other.seed}) == 4
    assert marking_round(course, "toy") == third
    assert marking_round(course, "other") == other
    assert not list(course.classroom.glob(".*.part"))


@pytest.mark.parametrize("settings", [{"seed": -1}, {"seed": 2**32}, {"seed": 3, "another": True}])
def test_a_seed_that_cannot_be_is_refused(course, settings):
    with pytest.raises(CourseError, match="--seed"):
        marking_round(course, "toy", **settings)
    assert not (course.classroom / "rounds.json").exists()


@pytest.mark.parametrize(
    "text",
    ["{", "[]", '{"toy": [{"seed": 1}]}', '{"toy": [{"number": 1, "seed": "a", "date": ""}]}'],
)
def test_a_damaged_file_stops_the_run_and_is_left_alone(course, text):
    path = course.classroom / "rounds.json"
    path.write_text(text)
    with pytest.raises(CourseError, match="damaged"):
        marking_round(course, "toy")
    assert path.read_text() == text
