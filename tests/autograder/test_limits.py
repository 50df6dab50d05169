"""Limits: the defaults, what a course may change, and what is no limit."""

import json
import math

import pytest
from traitlets.config import Config

from autograder.course import CourseError
from autograder.limits import Limits


def test_defaults_go_through_json():
    assert Limits.from_json(json.loads(json.dumps(Limits().as_json()))) == Limits()


def test_a_course_changes_one_limit():
    config = Config({"Limits": {"cell_seconds": 40, "replays": 5.0}})
    limits = Limits.from_config(config)
    assert (limits.cell_seconds, limits.replays) == (40.0, 5)
    assert (type(limits.cell_seconds), type(limits.replays)) == (float, int)
    assert limits.memory == Limits().memory


def test_a_course_without_limits_has_the_defaults():
    assert Limits.from_config(Config()) == Limits()


def test_an_unknown_limit_is_named_with_the_known_ones():
    with pytest.raises(CourseError, match=r"c\.Limits\.memroy is not a limit.*memory"):
        Limits.from_json({"memroy": 1})


@pytest.mark.parametrize("value", [0, -1, True, "3", None, math.nan, math.inf, [1]])
def test_a_limit_is_a_positive_number(value):
    with pytest.raises(CourseError, match=r"c\.Limits\.memory must be a positive number"):
        Limits.from_json({"memory": value})


def test_bytes_and_counts_are_whole_numbers():
    with pytest.raises(CourseError, match=r"c\.Limits\.replays must be a whole number, got 0\.5"):
        Limits.from_json({"replays": 0.5})
