"""`autograder grade` and `autograder check`, from the command line to the feedback page."""

import csv
import html
import json

import nbformat
import pytest

from tests.autograder import toy
from tests.autograder.conftest import RIGHT, run

SCORES = {
    "full": (4, {"double": 3, "count": 1, "derive": None}),
    "stub": (0, {"double": 0, "count": 0, "derive": 0}),
    "partial": (1, {"double": 0, "count": 1, "derive": None}),
    "nosy": (0, {"double": 0, "count": 0, "derive": 0}),
    "lost-a-cell": (4, {"double": 3, "count": 1, "derive": None}),
}
LOOKS = {
    "broken": "toy.ipynb cannot be read as a notebook",
    "link": "toy.ipynb is not a regular file.",
    "empty": "toy.ipynb was not handed in.",
    "not an id": "The folder's name is no student id",
}


def feedback(graded, student):
    return (graded.root / f"classroom/feedback/{student}/toy/toy.html").read_text()


@pytest.mark.parametrize("student", SCORES)
def test_the_scores_are_right(graded, student):
    result = graded.results[student]
    total, scores = SCORES[student]
    assert (result["status"], result["reasons"]) == ("graded", [])
    assert (result["score"], result["max_score"], result["manual_max"]) == (total, 4, 2)
    assert {name: q["score"] for name, q in result["questions"].items()} == scores
    assert result["questions"]["derive"]["needs_manual"] is (scores["derive"] is None)
    assert result["questions"]["double"].items() >= {
        "score": scores["double"], "max_score": 3, "needs_manual": False, "hint": None
    }.items()  # fmt: skip


@pytest.mark.parametrize("student", LOOKS)
def test_what_cannot_be_graded_needs_a_look_and_stops_nobody(graded, student):
    result = graded.results[student]
    assert result["status"] == "needs_look"
    assert LOOKS[student] in " ".join(result["reasons"])
    assert result["score"] == 0
    assert not (graded.root / "classroom/feedback" / student).exists()


def test_the_run_says_what_it_did(graded):
    assert graded.done.returncode == 3
    assert "Traceback" not in graded.done.stderr
    assert graded.results.keys() == {*SCORES, *LOOKS}
    for word in ("full", "partial", "needs a", "classroom/toy.csv"):
        assert word in graded.done.stdout
    with (graded.root / "classroom/toy.csv").open(newline="") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    assert rows.keys() == {*SCORES, *LOOKS}
    assert (rows["full"]["score"], rows["full"]["derive"], rows["partial"]["double"]) == (
        "4.0", "", "0.0"
    )  # fmt: skip
    assert (graded.root / "classroom/gradebook.db").is_file()
    assert not list((graded.root / "classroom").glob(".grading-*"))


@pytest.mark.parametrize("student", SCORES)
def test_feedback_shows_points_and_no_secret(graded, student):
    page = feedback(graded, student)
    total, _ = SCORES[student]
    assert f"<strong>{total}</strong>" in page
    own = nbformat.read(graded.root / f"classroom/submitted/{student}/toy/toy.ipynb", as_version=4)
    written = "\n".join(cell.source for cell in own.cells)
    for canary in (*toy.CANARIES, "BEGIN", "Traceback", str(graded.root), "\x1b", "In["):
        assert canary not in page.replace(html.escape(written), "") or canary in written
    assert "src=" not in page
    assert "<script" not in page


def test_feedback_says_what_the_check_said(graded):
    partial, nosy, full = (feedback(graded, s) for s in ("partial", "nosy", "full"))
    assert "an array (5, 4) of float64" in partial
    assert "opposite order" in partial
    assert "Your function raised an error." in nosy
    assert "The cell of your answer did not run. It stopped with ZeroDivisionError" in nosy
    assert "All checks pass, the hidden ones too." in full
    assert "A person reads this answer" in full
    assert "<strong>linear</strong>" in full
    assert "This part is not written yet." in feedback(graded, "stub")


def test_grading_again_skips_what_has_not_changed_and_keeps_marks_by_hand(graded):
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{graded.root}/classroom/gradebook.db", "rnn") as book:
        grade = book.find_grade("derive", "toy", "toy", "full")
        grade.manual_score, grade.needs_manual_grade = 1.5, False  # as formgrader does
        book.db.commit()
    stamp = graded.root / "classroom/autograded/full/toy/toy.ipynb"
    before = stamp.stat().st_mtime_ns
    changed = graded.root / "classroom/submitted/stub/toy/toy.ipynb"
    original = changed.read_text()
    changed.write_text(json.dumps(toy.answered(json.loads(original), count_solution="count = 6")))
    done = run("grade", "toy", "--course", graded.root, "--json", graded.root / "again.json")
    changed.write_text(original)
    assert done.returncode == 3
    again = {r["student"]: r for r in json.loads((graded.root / "again.json").read_text())}
    assert stamp.stat().st_mtime_ns == before
    assert again["full"]["questions"]["derive"].items() >= {
        "score": 1.5, "max_score": 2, "needs_manual": False, "hint": None
    }.items()  # fmt: skip
    assert again["stub"]["score"] == 1
    assert "5.5</strong>" in feedback(graded, "full")


@pytest.mark.parametrize(
    ("assignment", "sentence"),
    [
        ("toy", "classroom/submitted/<student>/toy/toy.ipynb"),
        ("nonsense", "there are: toy"),
    ],
)
def test_a_run_that_cannot_start_says_what_to_do(course, assignment, sentence):
    done = run("grade", assignment, "--course", course.root)
    assert done.returncode == 1
    assert sentence in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_a_folder_without_a_course_says_so(tmp_path):
    done = run("grade", "toy", "--course", tmp_path)
    assert done.returncode == 1
    assert "nbgrader_config.py" in done.stderr


def test_check_runs_the_visible_tests(graded, tmp_path):
    released = json.loads((graded.root / "exercises/toy/toy.ipynb").read_text())
    path = tmp_path / "toy.ipynb"
    wrong = RIGHT | {"double_solution": "def double(x):\n    return x"}
    path.write_text(json.dumps(toy.answered(released, **wrong)))
    before = path.read_bytes()
    done = run("check", path, "--json", tmp_path / "check.json")
    assert done.returncode == 3
    assert "not yet  double" in done.stdout
    assert "expected:  10.0" in done.stdout
    assert "hidden   count" in done.stdout
    assert "0 of 1 questions pass" in done.stdout
    said = json.loads((tmp_path / "check.json").read_text())
    assert said["count"] == {"passed": None, "said": None}
    assert said["double"]["passed"] is False
    assert said["double"]["said"].startswith("double is not right yet")
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "text", [None, "{", '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}']
)
def test_check_refuses_what_is_no_exercise(tmp_path, text):
    path = tmp_path / "other.ipynb"
    if text is not None:
        path.write_text(text)
    done = run("check", path)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
