"""The gradebook after `autograder grade` says what it says after `nbgrader autograde`."""

import json
import shutil
import sqlite3

import pytest
from nbgrader import preprocessors as stock
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde
from traitlets.config import Config

from autograder.assignment import read_master
from autograder.course import Course
from autograder.gradebook import dump
from autograder.grading import grade
from autograder.registering import register
from autograder.steps import run_step
from tests.autograder import toy
from tests.autograder.kill import (
    RIGHT,
    WRONG,
    fake_grade_task,
    hand_in_again,
    mark_by_hand,
    write_class,
)

RIGHT_BUT_ONE = {"double_solution": RIGHT["double_solution"]}
LATE = '\nc.LateSubmissionPlugin.penalty_method = "zero"\n'


def run(course, **settings):
    return grade(course, "toy", seed=1, grade_task=fake_grade_task, **settings)


def enter(course):
    course.classroom.mkdir(exist_ok=True)
    register(course, "toy", [read_master(path) for path in course.masters("toy")])


def database(course):
    return sqlite3.connect(course.classroom / "gradebook.db")


def rows(course, what):
    return [row[1:] for row in dump(course) if row[0] == what]


def grades(course, student):
    """Return automatic points, points by hand, and whether to look, by question."""
    return {
        row[2]: (row[3], row[4], bool(row[6])) for row in rows(course, "grade") if row[0] == student
    }


def write_two_notebooks(root):
    """Write a course of two notebooks, due in 2020, with students of every kind."""
    root.mkdir()
    toy.write_course(root)
    config = root / "nbgrader_config.py"
    config.write_text(config.read_text() + LATE)
    (root / "solutions/toy/more.ipynb").write_text(json.dumps(toy.master()))
    course = Course.at(root)
    enter(course)
    with database(course) as connection:
        connection.execute("UPDATE assignment SET duedate = '2020-01-02 00:00:00.000000'")
    untouched = stub()
    for student, notebook, handed_in in (
        ("late", toy.answered(untouched, **WRONG), "2020-01-02 00:00:01 UTC"),
        ("early", toy.answered(untouched, **RIGHT_BUT_ONE), "2020-01-01 23:00:00 UTC"),
    ):
        toy.submit(root, student, notebook)
        (root / f"classroom/submitted/{student}/toy/timestamp.txt").write_text(handed_in)
    return course


def stub():
    empty = {"double_solution": "# YOUR CODE HERE\nraise NotImplementedError()"}
    empty["count_solution"] = empty["double_solution"]
    written = toy.answered(toy.master(), **empty, derive="YOUR ANSWER HERE")
    written["cells"][4]["source"] = (
        'def double(x):\n    """Return twice x, an array (N, D)."""\n'
        "    # YOUR CODE HERE\n    raise NotImplementedError()"
    )
    return written


def autograde(course):
    config = Config(course.config)
    config.CourseDirectory.assignment_id = "toy"
    config.Autograde.sanitize_preprocessors = [
        stock.ClearOutput, stock.DeduplicateIds, stock.OverwriteKernelspec, stock.OverwriteCells,
        stock.CheckCellMetadata,
    ]  # fmt: skip
    config.Autograde.autograde_preprocessors = [
        stock.Execute, stock.IgnorePattern, stock.LimitOutput, stock.SaveAutoGrades,
        stock.AssignLatePenalties, stock.CheckCellMetadata,
    ]  # fmt: skip
    run_step(Autograde, config)


def test_the_gradebook_says_what_nbgrader_says(tmp_path):
    theirs, ours = (write_two_notebooks(tmp_path / name) for name in ("theirs", "ours"))
    autograde(theirs)
    run(ours)
    assert dump(ours) == dump(theirs)
    penalties = {(s, n): p for s, n, _, p in rows(ours, "submitted notebook")}
    assert penalties[("late", "toy")] == 1
    assert penalties[("early", "toy")] is None
    comments = {(s, n, c): auto for s, n, c, auto, _ in rows(ours, "comment")}
    assert comments[("early", "toy", "derive")] == "No response."
    assert comments[("early", "toy", "count_solution")] == "No response."
    assert comments[("early", "toy", "double_solution")] is None
    assert {(row[1], row[2]): row[3] for row in rows(ours, "grade") if row[0] == "early"} == {
        ("toy", "double"): 3, ("toy", "count"): 0, ("toy", "derive"): 0,
        ("more", "double"): 0, ("more", "count"): 0, ("more", "derive"): 0,
    }  # fmt: skip
    assert ("late", "toy", "derive", None, None, None, 1) in rows(ours, "grade")


@pytest.fixture(scope="module")
def graded_once(tmp_path_factory):
    """A class of five after a run: right, wrong, untouched, empty derivation, unreadable."""
    course = write_class(tmp_path_factory.mktemp("class"), 5)
    run(course)
    return course


@pytest.fixture
def graded(graded_once, tmp_path):
    """A copy of the class that a test may change."""
    return Course.at(shutil.copytree(graded_once.root, tmp_path / "course"))


def test_what_cannot_be_read_waits_for_a_person(graded):
    assert grades(graded, "s0004") == dict.fromkeys(
        ("double", "count", "derive"), (None, None, True)
    )


def test_marks_by_hand_stay_and_are_flagged_where_the_answer_changed(graded):
    mark_by_hand(graded.root)
    before = grades(graded, "s0001")
    hand_in_again(graded.root, "s0000", **RIGHT | {"count_solution": "count = 7"})
    hand_in_again(graded.root, "s0001", **RIGHT)
    hand_in_again(graded.root, "s0003", **RIGHT | {"derive": "By hand."})
    again = {result.student: result for result in run(graded).results}
    assert before["derive"] == (None, 1.5, False)
    assert grades(graded, "s0000")["derive"] == (None, 1.5, False)
    assert grades(graded, "s0000")["count"] == (0, 0.5, True)
    assert grades(graded, "s0001")["derive"] == (None, 1.5, False)
    assert grades(graded, "s0003")["derive"] == (None, 1.5, True)
    assert [line.split()[0] for line in again["s0000"].log] == ["count"]
    assert [line.split()[0] for line in again["s0003"].log] == ["derive"]
    assert again["s0001"].log == []
    assert again["s0003"].questions["derive"].score == 1.5
    comments = {(s, c): by_hand for s, _, c, _, by_hand in rows(graded, "comment")}
    assert comments[("s0003", "derive")] == "Good."
    assert run(graded).results == list(again.values())


def test_a_new_master_changes_what_it_must_and_keeps_marks_by_hand(graded, tmp_path):
    mark_by_hand(graded.root)
    with database(graded) as connection:
        connection.execute("UPDATE grade SET needs_manual_grade = 0")
    path = graded.root / "solutions/toy/toy.ipynb"
    master = toy.master()
    added = [
        toy.cell("solution", "### BEGIN SOLUTION\nsum_ = 1\n### END SOLUTION", "sum_solution"),
        toy.cell("test", 'check("sum", sum_, 1)', "sum", points=5),
    ]
    removed = {"double", "double_solution"}
    master["cells"] = [
        each
        for each in master["cells"]
        if each["metadata"].get("nbgrader", {}).get("grade_id") not in removed
    ] + added
    master["cells"][-3]["metadata"]["nbgrader"]["points"] = 4
    path.write_text(json.dumps(master))
    (graded.root / "solutions/toy/extra.ipynb").write_text(json.dumps(toy.master()))
    result = run(graded)
    assert (result.graded, result.cached) == (4, 0)
    found = {(row[1], row[2]): row[3:] for row in rows(graded, "grade") if row[0] == "s0000"}
    assert found.keys() == {
        ("toy", "count"), ("toy", "derive"), ("toy", "sum"),
        ("extra", "double"), ("extra", "count"), ("extra", "derive"),
    }  # fmt: skip
    assert found[("toy", "derive")] == (None, 1.5, None, 0)
    assert found[("toy", "count")] == (1, 0.5, None, 0)
    assert found[("toy", "sum")][0] == 0
    points = {(n, name): most for n, name, most, _ in rows(graded, "grade cell")}
    assert (points[("toy", "derive")], points[("toy", "sum")]) == (4, 5)

    (graded.root / "solutions/toy/extra.ipynb").unlink()
    run(graded)
    assert {row[1] for row in rows(graded, "grade")} == {"toy"}
    (tmp_path / "fresh").mkdir()
    fresh = Course.at(toy.write_course(tmp_path / "fresh", master))
    enter(fresh)
    for what in ("grade cell", "solution cell", "source cell"):
        assert rows(graded, what) == rows(fresh, what)
    with database(graded) as connection:
        for table, key, other in (
            ("grade", "cell_id", "base_cell"), ("comment", "cell_id", "base_cell"),
            ("grade", "notebook_id", "submitted_notebook"),
            ("base_cell", "notebook_id", "notebook"),
        ):  # fmt: skip
            lost = f"SELECT count(*) FROM {table} WHERE {key} NOT IN (SELECT id FROM {other})"
            assert connection.execute(lost).fetchone() == (0,)


def test_an_assignment_is_registered_once(graded, monkeypatch):
    calls = []
    monkeypatch.setattr("autograder.registering.generate", lambda *a, **k: calls.append(a))
    run(graded)
    assert calls == []
    (graded.classroom / "registered.json").write_text("[")
    run(graded)
    assert len(calls) == 1


def test_a_gradebook_that_is_gone_is_written_again_from_the_journal(graded):
    before = dump(graded)
    (graded.classroom / "gradebook.db").unlink()
    result = run(graded)
    assert (result.graded, result.cached, result.looks) == (0, 4, 1)
    assert dump(graded) == before


def test_nbgrader_can_open_what_was_made(graded):
    with Gradebook(f"sqlite:///{graded.classroom}/gradebook.db", "rnn") as book:
        assert {s.student.id: s.score for s in book.assignment_submissions("toy")} == {
            "s0000": 4, "s0001": 1, "s0002": 0, "s0003": 4, "s0004": 0
        }  # fmt: skip
        assert book.find_notebook("toy", "toy").needs_manual_grade
    with database(graded) as connection:
        assert len(connection.execute("SELECT * FROM alembic_version").fetchall()) == 1
