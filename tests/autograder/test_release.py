"""A release holds what learners need, no word more, and is the same each time."""

import json
import shutil

import pytest

from autograder.course import Course, CourseError
from autograder.release import EMPTY_TEST, release, stale
from tests.autograder import toy


def test_a_release_hides_what_is_hidden_and_is_the_same_each_time(course):
    assert release(course) == ["toy"]
    target = course.exercises / "toy" / "toy.ipynb"
    first = target.read_bytes()
    assert stale(course) == []
    release(course)
    assert target.read_bytes() == first
    written = {path.name for path in course.exercises.rglob("*")}
    assert written == {"toy", "toy.ipynb", "hints.json"}
    for canary in toy.CANARIES:
        assert canary not in first.decode()
    notebook = json.loads(first)
    sources = {
        c["metadata"].get("nbgrader", {}).get("grade_id"): "".join(c["source"])
        for c in notebook["cells"]
    }
    assert sources["double"] == 'check("double", call(double, x), 2 * x)'
    assert sources["count"] == EMPTY_TEST
    assert sources["derive"] == "YOUR ANSWER HERE"
    assert "raise NotImplementedError()" in sources["double_solution"]
    assert {path.name for path in course.root.iterdir()} == {
        "nbgrader_config.py", "solutions", "exercises"
    }  # fmt: skip


def test_what_the_authors_machine_writes_into_a_notebook_makes_no_difference(tmp_path):
    (tmp_path / "a").mkdir()
    plain = Course.at(toy.write_course(tmp_path / "a"))
    notebook = toy.master()
    notebook["metadata"]["kernelspec"]["display_name"] = "My Python"
    notebook["metadata"]["language_info"]["version"] = "3.99"
    notebook["nbformat_minor"] = 5
    (tmp_path / "b").mkdir()
    other = Course.at(toy.write_course(tmp_path / "b", notebook))
    release(plain)
    release(other)
    written = [c.exercises / "toy" / "toy.ipynb" for c in (plain, other)]
    assert written[0].read_bytes() == written[1].read_bytes()


def test_a_stale_file_is_named(course):
    assert stale(course) == [
        "exercises/toy/hints.json is missing; run `make release`",
        "exercises/toy/toy.ipynb is missing; run `make release`",
    ]
    release(course)
    target = course.exercises / "toy" / "toy.ipynb"
    target.write_text(target.read_text().replace("Doubling", "Trebling"))
    (course.exercises / "toy" / "old.txt").write_text("")
    assert stale(course) == [
        "exercises/toy/old.txt has no master; run `make release`",
        "exercises/toy/toy.ipynb differs from its master; run `make release`",
    ]


def test_a_failed_release_leaves_everything_as_it_was(course):
    release(course)
    before = (course.exercises / "toy" / "toy.ipynb").read_bytes()
    broken = course.solutions / "zoo"
    broken.mkdir()
    notebook = toy.master(count="count")
    (broken / "zoo.ipynb").write_text(json.dumps(notebook))
    with pytest.raises(CourseError, match=r"zoo.ipynb: code cell 9 \(count\) must end"):
        release(course)
    assert (course.exercises / "toy" / "toy.ipynb").read_bytes() == before
    assert [path.name for path in course.exercises.iterdir()] == ["toy"]
    assert not list(course.root.glob(".release-*"))


def test_one_assignment_alone_leaves_the_others_and_all_together_clear_the_rest(course):
    release(course)
    (course.exercises / "gone").mkdir()
    shutil.copytree(course.solutions / "toy", course.solutions / "zoo")
    (course.solutions / "zoo" / "toy.ipynb").rename(course.solutions / "zoo" / "zoo.ipynb")
    release(course, ["zoo"])
    assert {path.name for path in course.exercises.iterdir()} == {"toy", "zoo", "gone"}
    release(course)
    assert {path.name for path in course.exercises.iterdir()} == {"toy", "zoo"}
