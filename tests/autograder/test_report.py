"""The class report: its statistics, its pages and tables, and what it reads back."""

import csv
import json
import re
import shutil
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest
from nbgrader.api import Gradebook

from autograder.collecting import collect
from autograder.course import Course, CourseError
from autograder.report import write_report
from autograder.report_statistics import items, mistakes
from autograder.results import NotebookResult, QuestionResult, write_csv
from tests.autograder import toy
from tests.autograder.test_feedback import LOST, QUESTIONS, autograded, put, register

NAMES = ("first", "second", "third")


def graded(student, scores, *, notebook="toy", manual=None, reasons=(), log=()):
    """Return a result with points (of 4) for NAMES; None is a question without a score."""
    questions = {}
    for name, score in zip(NAMES, scores, strict=True):
        lost = score is not None and score < 4
        questions[name] = QuestionResult(
            score, 4.0, False, "said" if lost else None, failure="value" if lost else None,
            seconds=0.25,
        )  # fmt: skip
    questions["derive"] = QuestionResult(manual, 2.0, True)
    return NotebookResult(student, "toy", notebook, [*reasons], questions, 77, [*log])


CLASS = [
    graded("a", (4, 4, 0), manual=2.0),
    graded("b", (4, 0, 4), manual=0.0),
    graded("c", (4, 1, 0)),
    graded("d", (4, 4, 4), manual=1.5),
    graded("e", (4, 0, 0)),
    graded("f", (4, 4, 0)),
]
UNGRADED = graded("zoe", (None,) * 3, reasons=["zoe.ipynb was not handed in."])


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def page_of(results, folder):
    return write_report(results, folder)[0].read_text("utf-8")


def test_an_item_counts_those_who_have_a_score():
    first, second, third, derive = items([*CLASS, UNGRADED])
    assert [i.number for i in (first, second, third, derive)] == [1, 2, 3, 4]
    assert [i.marked for i in (first, second, third, derive)] == [6, 6, 6, 3]
    assert [i.full for i in (first, second, third, derive)] == [6, 3, 2, 1]
    assert first.difficulty == 1
    assert second.mean == pytest.approx(13 / 6)
    assert second.difficulty == pytest.approx(13 / 24)
    assert derive.difficulty == pytest.approx(3.5 / 6)
    assert (second.failures, derive.failures) == ({"value": 3}, {})


def test_discrimination_is_the_correlation_with_the_rest():
    _, second, _, derive = items(CLASS)
    rest = [4 + result.questions["third"].score for result in CLASS]
    own = [result.questions["second"].score for result in CLASS]
    assert second.discrimination == pytest.approx(np.corrcoef(own, rest)[0, 1])
    total = [result.score for result in (CLASS[0], CLASS[1], CLASS[3])]
    assert derive.discrimination == pytest.approx(np.corrcoef((2, 0, 1.5), total)[0, 1])


def test_discrimination_is_left_out_where_it_is_undefined():
    assert items(CLASS)[0].discrimination is None  # all have all points
    assert items(CLASS[:2])[1].discrimination is None  # two submissions
    same_rest = [graded(str(n), (n, 4, 4)) for n in range(4)]
    assert items(same_rest)[0].discrimination is None
    assert items([UNGRADED])[0].difficulty is None


def test_a_loss_without_a_reason_is_counted_as_such():
    odd = replace(CLASS[2], questions={"first": QuestionResult(0.0, 4.0, False)})
    assert items([odd])[0].failures == {"no reason noted": 1}


def test_mistakes_are_counted_by_name_the_commonest_first():
    rare = replace(LOST, mistake="rare", hint="Rare.")
    unnamed = replace(LOST, mistake=None, hint=None)
    results = [
        NotebookResult(str(n), "toy", "toy", [], {"double": question})
        for n, question in enumerate([rare, LOST, unnamed, LOST])
    ]
    assert [(m.name, m.count, m.lost, m.hint) for m in mistakes(results)] == [
        ("plover_only_in_wrong_answers", 2, 4, LOST.hint),
        ("rare", 1, 4, "Rare."),
    ]


def test_the_page_shows_the_commonest_mistakes_and_says_where_the_others_are(tmp_path):
    results = [
        NotebookResult("a", "toy", "toy", [], {"double": replace(LOST, mistake=f"mistake{n:02}")})
        for n in range(17)
    ]
    page = page_of([*results, results[16]], tmp_path)
    assert "18 of 18 lost answers" in page
    assert "mistake16" in page
    assert "mistake15" not in page
    assert "2 more stand in <code>report-mistakes.csv</code>" in page


def test_the_page_stands_alone_and_its_figures_are_labelled(tmp_path):
    page = page_of([*CLASS, UNGRADED], tmp_path)
    assert not re.search(r"<(script|img|link|iframe|object)|url\((?!#)|@import", page)
    assert not re.search(r'(src|href)="(?!#|http://www\.w3\.org)', page)
    assert "#01020" not in page  # the stand-ins for the page's own colours
    drawings = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    assert len(drawings) == 4
    labels = []
    for drawing in drawings:
        tree = ElementTree.fromstring(drawing)
        assert len(tree.attrib["aria-label"]) > 20
        labels += [text.text for text in tree.iter("text")]
    for label in ("points", "submissions", "difficulty", "discrimination", "CPU time (ms)"):
        assert label in labels
    names = re.findall(r' id="([^"]*)"', page)
    assert len(names) == len(set(names))


def test_the_page_says_what_it_counted(tmp_path):
    page = page_of([*CLASS, UNGRADED], tmp_path)
    for told in ("seed 77", "6 of 7", "zoe.ipynb was not handed in.", "250 ms", "by hand", "n/a"):
        assert told in page
    assert "mean little" not in page
    assert "<code>first</code> was lost by nobody" in page
    logged = page_of([graded("a", (4, 4, 4), log=["Replayed once."])], tmp_path)
    assert "Replayed once." in logged


def test_a_question_that_tells_nobody_apart_is_named(tmp_path):
    turned = [graded(str(n), (4 * (n < 3), 4 * (n >= 3), 4 * (n >= 3))) for n in range(6)]
    page = page_of(turned, tmp_path)
    assert "<code>first</code> hardly tells strong from weak" in page
    hard = page_of([graded(str(n), (0, n % 5, n % 5)) for n in range(6)], tmp_path)
    assert "<code>first</code> is hard: the class got 0% of the points" in hard


@pytest.mark.parametrize(
    ("count", "sentence"), [(1, "Only one submission has"), (4, "Only 4 submissions have")]
)
def test_a_small_class_is_told_that_its_statistics_mean_little(tmp_path, count, sentence):
    page = page_of(CLASS[:count], tmp_path)
    assert sentence in page
    assert "Questions to think about" not in page


def test_a_class_without_scores_is_told_so(tmp_path):
    page = page_of([UNGRADED], tmp_path)
    assert "None of the 1 submissions has a score" in page
    assert "<svg" not in page


def test_a_notebook_without_automatic_questions_has_no_figures(tmp_path):
    manual = [replace(r, questions={"derive": r.questions["derive"]}) for r in CLASS]
    assert "<svg" not in page_of(manual, tmp_path)


def test_times_are_left_out_where_none_were_taken(tmp_path):
    questions = {"first": QuestionResult(4.0, 4.0, False)}
    page = page_of([NotebookResult("a", "toy", "toy", [], questions)], tmp_path)
    assert page.count("<svg") == 3


def test_each_notebook_has_its_own_part(tmp_path):
    page = page_of([*CLASS, *(replace(r, notebook="toy_torch") for r in CLASS)], tmp_path)
    assert page.count("<svg") == 8
    assert "<h2>toy_torch</h2>" in page


def test_no_name_is_taken_for_markup_or_a_formula(tmp_path):
    evil = "</svg><script>alert(1)</script>$x$"
    question = replace(LOST, hint=evil, mistake=evil)
    results = [
        NotebookResult(name, evil, evil, [evil], {evil: question}, log=[evil])
        for name in (evil, "=1+1")
    ]
    paths = write_report(results, tmp_path)
    page = paths[0].read_text("utf-8")
    assert "<script" not in page
    assert page.count("</svg>") == page.count("<svg") == 4
    assert read(paths[3])[1]["student"] == "'=1+1"


def test_the_tables_hold_the_numbers_of_the_page(tmp_path):
    named = replace(CLASS[0], questions=CLASS[0].questions | {"third": LOST})
    paths = write_report([named, *CLASS[1:], UNGRADED], tmp_path / "new" / "folder")
    assert [path.name for path in paths] == [
        "report.html", "report.csv", "report-mistakes.csv", "report-submissions.csv"
    ]  # fmt: skip
    questions, found, submissions = (read(path) for path in paths[1:])
    assert [row["question"] for row in questions] == [*NAMES, "derive"]
    assert (questions[0]["difficulty"], questions[0]["discrimination"]) == ("1.0", "")
    assert (questions[2]["shape"], questions[2]["value"]) == ("1", "3")
    assert [(row["mistake"], row["count"]) for row in found] == [(LOST.mistake, "1")]
    assert submissions[-1]["reasons"] == "zoe.ipynb was not handed in."
    assert submissions[1]["seconds"] == "0.75"


@pytest.fixture(scope="module")
def untouched(tmp_path_factory):
    root = toy.write_course(tmp_path_factory.mktemp("report"))
    register(root, ["ada"])
    put(root, "ada", autograded())
    return root


@pytest.fixture
def course(untouched, tmp_path):
    """A toy course in which ada was graded, and nothing else yet; a test may change it."""
    return Course.at(shutil.copytree(untouched, tmp_path / "course"))


def test_results_are_read_back_with_the_marks_of_the_gradebook(course):
    assert collect(course, "toy") == [
        NotebookResult("ada", "toy", "toy", [], QUESTIONS, 1, ["/secret/path"])
    ]
    with Gradebook(course.config.CourseDirectory.db_url, "rnn") as book:
        book.find_grade("derive", "toy", "toy", "ada").manual_score = 1.5
        book.find_grade("double", "toy", "toy", "ada").manual_score = 2.0
        book.db.commit()
    (result,) = collect(course, "toy")
    assert result.questions["derive"] == replace(QUESTIONS["derive"], score=1.5)
    assert result.questions["double"] == replace(LOST, score=2.0)


def test_what_was_not_graded_needs_a_look_and_the_table_says_why(course):
    toy.submit(course.root, "-bob", "{")
    toy.submit(course.root, "eve", "{")
    why = NotebookResult("-bob", "toy", "toy", ["toy.ipynb cannot be read."], {})
    write_csv([why], course.classroom / "toy.csv")
    found = {result.student: result for result in collect(course, "toy")}
    assert found["-bob"].reasons == ["toy.ipynb cannot be read."]
    assert found["eve"].reasons == ["It was not graded: grade it again."]
    assert found["eve"].questions["double"] == QuestionResult(None, 3.0, False)
    assert found["ada"].reasons == []


def test_a_damaged_result_needs_a_look(course):
    for student, text in {"bob": "{", "eve": "[" * 100_000}.items():
        put(course.root, student, {})
        (course.classroom / f"autograded/{student}/toy/toy.ipynb").write_text(text)
    bad = autograded()
    bad["cells"][5]["metadata"]["grading"]["score"] = 10**9
    put(course.root, "mallory", bad)
    ada, *others = collect(course, "toy")
    assert ada.reasons == []
    for result in others:
        assert result.reasons == ["Its autograded notebook cannot be read: grade it with --force."]
        assert result.questions["double"].score is None


def test_what_plain_nbgrader_graded_has_its_scores_and_no_more(course):
    plain = json.loads(json.dumps(toy.master()))
    plain["metadata"]["grading"] = "forged"
    (course.classroom / "autograded/ada/toy/toy.ipynb").write_text(json.dumps(plain))
    (result,) = collect(course, "toy")
    assert result.questions["double"] == QuestionResult(0.0, 3.0, False)
    assert result.questions["count"] == QuestionResult(1.0, 1.0, False)
    assert (result.reasons, result.seed) == ([], None)


def test_a_report_before_grading_says_what_to_do(tmp_path):
    course = Course.at(toy.write_course(tmp_path))
    with pytest.raises(CourseError, match="run `autograder grade toy` first"):
        collect(course, "toy")
    with pytest.raises(CourseError, match="there are: toy"):
        collect(course, "nonsense")
