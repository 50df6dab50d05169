"""`autograder grade` and `autograder check`, from the command line to the feedback page."""

import csv
import html
import json

import nbformat
import pytest

from autograder.feedback import KeepHidden, safe_markdown
from autograder.results import NotebookResult, QuestionResult, write_csv
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
    assert result["questions"]["double"] == {
        "score": scores["double"], "max_score": 3, "needs_manual": False, "hint": None
    }  # fmt: skip


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
    assert "The cell of your answer did not run. The cell stopped with a ZeroDivisionError." in nosy
    assert "All checks pass, the hidden ones too." in full
    assert "A person reads this answer" in full
    assert "<strong>linear</strong>" in full
    assert "This part is not written yet." in feedback(graded, "stub")


def test_grading_again_skips_what_has_not_changed_and_keeps_marks_by_hand(graded):
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{graded.root}/classroom/gradebook.db", "rnn") as book:
        book.find_grade("derive", "toy", "toy", "full").manual_score = 1.5
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
    assert again["full"]["questions"]["derive"] == {
        "score": 1.5, "max_score": 2, "needs_manual": False, "hint": None
    }  # fmt: skip
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


def test_the_csv_holds_no_formula(tmp_path):
    result = NotebookResult("-1", "toy", "toy", ["=1+1"], {"q": QuestionResult(None, 1, False)})
    write_csv([result], tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_text().splitlines()[1] == "'-1,toy,needs_look,0.0,1,,'=1+1"


def test_markdown_of_a_stranger_is_made_harmless():
    made = safe_markdown(
        '**b** [x](javascript:alert(1)) <img src="http://x/y" onerror="a()"> '
        '<iframe src="//x"></iframe> <a href="https://x.org" onclick="a()">y</a>'
    )
    assert "<strong>b</strong>" in made
    assert 'href="https://x.org"' in made
    for bad in ("javascript:", "<img", "onerror", "<iframe", "onclick"):
        assert bad not in made


def _test_cell(source, ename, evalue):
    cell = toy.cell("test", source, "q", points=1)
    error = {"output_type": "error", "ename": ename, "evalue": evalue, "traceback": ["/secret"]}
    cell["outputs"] = [error, {"output_type": "stream", "name": "stdout", "text": "/secret"}]
    notebook = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return nbformat.from_dict(notebook)


HIDDEN = "call(f, 1)\n### BEGIN HIDDEN TESTS\nsecret\n### END HIDDEN TESTS"
VERDICTS = [
    ("f(1)", "StudentError", "ValueError: x is 3", "Your function raised ValueError: x is 3"),
    (HIDDEN, "StudentError", "ValueError: x is 3", "Your function raised a ValueError."),
    (HIDDEN, "StudentError", "Secret: x is 3", "Your function raised an error."),
    (HIDDEN, "NameError", "name 'f' is not defined", "f is not defined: the cell that should bind "
     "it did not run to its end."),
    (HIDDEN, "NameError", "name 'secret' is not defined", "The cell stopped with a NameError. Run "
     "it in your notebook to see where."),
    (HIDDEN, "AssertionError", "secret", "The cell stopped with an AssertionError. Run it in your "
     "notebook to see where."),
    (HIDDEN, "CellTimeoutError", "", "This cell ran out of time."),
    (HIDDEN, "StudentError", "NotImplementedError", "This part is not written yet."),
    (HIDDEN, "CheckFailed", "\x1b[31mq is not right yet", " q is not right yet"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "ename", "evalue", "said"), VERDICTS)
def test_a_verdict_says_no_more_than_it_may(source, ename, evalue, said):
    notebook = _test_cell(source, ename, evalue)
    place = {"nbgrader": {"assignment": "toy"}}
    cleaned, _ = KeepHidden().preprocess(notebook, place)
    assert cleaned.metadata.feedback["questions"][0]["said"] == said
    assert cleaned.cells[0].outputs == []
    assert "secret" not in cleaned.cells[0].source


def test_an_unfinished_hidden_region_is_hidden_to_the_end():
    source = "call(f, 1)\n### BEGIN HIDDEN TESTS\nsecret"
    cleaned, _ = KeepHidden().preprocess(
        _test_cell(source, "CheckFailed", ""), {"nbgrader": {"assignment": "toy"}}
    )
    assert cleaned.cells[0].source == "call(f, 1)"
