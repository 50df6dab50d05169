"""The feedback page and text: what they tell, and what they keep to themselves."""

import copy
import json
import sys
import textwrap
import warnings
from pathlib import Path

import nbformat
import nbgrader.api
import pytest
from nbgrader.api import Gradebook
from nbgrader.converters import GenerateFeedback
from sqlalchemy.exc import SAWarning
from traitlets.config import Config

from autograder.course import Course
from autograder.feedback import (
    FeedbackExporter,
    KeepHidden,
    Marks,
    read_marks,
    render_feedback,
    safe_markdown,
    text_feedback,
)
from autograder.harmless import MAX_MARKDOWN
from autograder.results import NotebookResult, QuestionResult
from autograder.steps import run_step
from tests.autograder import toy

SAID = """double is not right yet: see [3, 4]
  came:      an array (5, 4) of float64
  expected:  an array (4, 5) of float64
  look at:   the axes came in the opposite order: is a transpose missing or too many? <b>
  This is a hidden check on other inputs: it shows no numbers."""
LOST = QuestionResult(
    0.0, 3.0, False, SAID, "Squaring `x` is <i>not</i> doubling.", "plover_only_in_wrong_answers",
    "shape", 0.1, "double(an array (2, 3) of float64), and 2 more calls",
)  # fmt: skip
FULL = QuestionResult(1.0, 1.0, False, seconds=0.1, tried="nothing")
WAITS = QuestionResult(None, 2.0, True)
QUESTIONS = {"double": LOST, "count": FULL, "derive": WAITS}
SCORES = {"double": (0.0, 3.0), "count": (1.0, 1.0), "derive": (0.0, 2.0)}
ANSWERS = {
    "double_solution": "def double(x):\n    return x * x",
    "count_solution": "count = 6",
    "derive": "It is **linear**.",
}
MARKS = Marks("ada", "toy", SCORES, frozenset({"derive"}), {})
BOOK = "chapters/equations/recurrent_cell.html#three-steps-by-hand"


def autograded(questions=QUESTIONS, *, book=BOOK, reasons=(), **sources):
    """Return a notebook as the autograder leaves it: the master with what was noted down."""
    notebook = toy.master(**ANSWERS | sources)
    for cell in notebook["cells"]:
        grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if grade_id in questions and not questions[grade_id].manual:
            cell["metadata"]["grading"] = questions[grade_id].as_json()
        if grade_id == "double":
            cell["metadata"]["course"]["book"] = book
    noted = {"reasons": [*reasons], "seed": 1, "log": ["/secret/path"], "format": 1}
    notebook["metadata"]["grading"] = noted
    return notebook


def register(root, students, scores=SCORES):
    """Enter the toy assignment and these students' scores into the course's gradebook."""
    (root / "classroom").mkdir(exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", str(Path(sys.executable).parent))  # where nbgrader finds alembic
        book = Gradebook(f"sqlite:///{root}/classroom/gradebook.db", "rnn")
    with book, warnings.catch_warnings(action="ignore", category=SAWarning):  # nbgrader's own
        book.add_assignment("toy")
        book.add_notebook("toy", "toy")
        for name, (_, most) in scores.items():
            kind = "markdown" if name == "derive" else "code"
            book.add_grade_cell(name, "toy", "toy", max_score=most, cell_type=kind)
        for name in ("double_solution", "count_solution", "derive"):
            book.add_solution_cell(name, "toy", "toy")
        for student in students:
            book.add_student(student)
            book.add_submission("toy", student)
            for name, (score, _) in scores.items():
                grade = book.find_grade(name, "toy", "toy", student)
                grade.auto_score = None if name == "derive" else score
        book.db.commit()


def put(root, student, notebook):
    """Lay down an autograded notebook."""
    folder = root / "classroom" / "autograded" / student / "toy"
    folder.mkdir(parents=True)
    (folder / "toy.ipynb").write_text(json.dumps(notebook))


def generate(root):
    """Run ``nbgrader generate_feedback toy``."""
    config = Config(Course.at(root).config)
    config.CourseDirectory.assignment_id = "toy"
    run_step(GenerateFeedback, config)


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A toy course with two marked submissions whose feedback nbgrader has written."""
    root = toy.write_course(tmp_path_factory.mktemp("feedback"))
    register(root, ["ada", "bob"])
    put(root, "ada", autograded())
    put(root, "bob", autograded())
    with Gradebook(f"sqlite:///{root}/classroom/gradebook.db", "rnn") as book:
        book.find_grade("derive", "toy", "toy", "bob").manual_score = 1.5
        book.find_comment("derive", "toy", "toy", "bob").manual_comment = "**Well** <img src=x>"
        book.find_submission_notebook("toy", "toy", "bob").late_submission_penalty = 0.5
        book.db.commit()
    generate(root)
    return root


def page_of(root, student):
    return (root / f"classroom/feedback/{student}/toy/toy.html").read_text()


def test_the_page_tells_points_what_was_tried_what_was_said_and_the_hint():
    page = render_feedback(autograded(), MARKS)
    assert "<strong>1</strong><span>of 6 points" in page
    assert "double(an array (2, 3) of float64), and 2 more calls" in page
    assert "an array (5, 4) of float64" in page
    assert "Squaring <code>x</code> is &lt;i&gt;not&lt;/i&gt; doubling." in page
    assert page.count("All checks pass, the hidden ones too.") == 1
    assert "A person reads this answer; it has no points yet." in page
    assert "<strong>linear</strong>" in page


def test_the_page_tells_no_secret():
    page = render_feedback(autograded(), MARKS)
    for canary in (*toy.CANARIES, "BEGIN", "/secret"):
        assert canary not in page
    assert "<script" not in page
    assert "src=" not in page
    assert "<b>" not in page


def test_rendering_leaves_the_notebook_as_it_is():
    notebook = autograded()
    before = copy.deepcopy(notebook)
    render_feedback(notebook, MARKS)
    assert notebook == before


def test_the_book_is_linked_where_its_address_is_known():
    words = "“three steps by hand” on the page “recurrent cell”"
    assert f"In the book: {words}." in render_feedback(autograded(), MARKS)
    page = render_feedback(autograded(), MARKS, "https://example.org/book/")
    assert f'<a href="https://example.org/book/{BOOK}" rel="noreferrer">{words}</a>' in page
    whole = render_feedback(autograded(book="a.html"), MARKS)
    assert "In the book: the page “a”." in whole


@pytest.mark.parametrize("book", ["javascript:alert(1)", "../x.html", "//x/a.html", "x", 3, None])
def test_what_is_no_section_of_the_book_is_not_linked(book):
    assert "In the book" not in render_feedback(autograded(book=book), MARKS, "https://x.org")


def test_nbgrader_writes_the_same_page(course):
    assert page_of(course, "ada") == render_feedback(autograded(), MARKS)


def test_marks_comments_and_penalties_come_from_the_gradebook(course):
    page = page_of(course, "bob")
    assert "<strong>2</strong><span>of 6 points" in page
    assert "A late submission costs 0.5 points" in page
    assert "<strong>Well</strong>" in page
    assert "<img" not in page
    assert "A person reads this answer" not in page
    with Gradebook(f"sqlite:///{course}/classroom/gradebook.db", "rnn") as book:
        marks = read_marks(book, "bob", "toy", "toy")
    assert marks == Marks(
        "bob", "toy", SCORES | {"derive": (1.5, 2.0)}, frozenset(),
        {"derive": "**Well** <img src=x>"}, 0.5,
    )  # fmt: skip
    assert page == render_feedback(autograded(), marks)


def place(root):
    """Return what nbgrader tells a preprocessor about a notebook."""
    url = f"sqlite:///{root}/classroom/gradebook.db"
    named = {"student": "ada", "assignment": "toy", "notebook": "toy", "db_url": url}
    return {"nbgrader": named}


def test_the_configuration_sets_the_address_of_the_book(course):
    exporter = FeedbackExporter(config=Config({"KeepHidden": {"book_url": "https://example.org"}}))
    exporter.register_preprocessor("autograder.feedback.KeepHidden", enabled=True)
    page, _ = exporter.from_notebook_node(nbformat.from_dict(autograded()), place(course))
    assert f'href="https://example.org/{BOOK}"' in page


def test_the_gradebook_is_only_read(tmp_path):
    register(tmp_path, ["ada"])
    KeepHidden().preprocess(nbformat.from_dict(autograded()), place(tmp_path))
    with Gradebook(place(tmp_path)["nbgrader"]["db_url"], "rnn") as book:
        assert [each.id for each in book.db.query(nbgrader.api.Course)] == ["rnn"]


def failed(source, ename, evalue):
    """Return a notebook whose one test cell failed under nbgrader's own execution."""
    cell = toy.cell("test", source, "double", points=1)
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
def test_a_verdict_says_no_more_than_it_may(course, source, ename, evalue, said):
    cleaned, _ = KeepHidden().preprocess(failed(source, ename, evalue), place(course))
    assert cleaned.metadata.feedback["questions"][0]["said"] == said
    assert cleaned.cells[0].outputs == []
    assert "secret" not in cleaned.cells[0].source


def test_an_unfinished_hidden_region_is_hidden_to_the_end(course):
    source = "call(f, 1)\n### BEGIN HIDDEN TESTS\nsecret"
    cleaned, _ = KeepHidden().preprocess(failed(source, "CheckFailed", ""), place(course))
    assert cleaned.cells[0].source == "call(f, 1)"


def test_a_clean_notebook_holds_no_note_of_the_autograder(course):
    cleaned, _ = KeepHidden().preprocess(nbformat.from_dict(autograded()), place(course))
    assert "grading" not in cleaned.metadata
    assert not [cell for cell in cleaned.cells if "grading" in cell.metadata]
    assert "plover_only_in_wrong_answers" not in json.dumps(cleaned)


def test_an_answer_that_did_not_run_is_named_as_the_cause(course):
    notebook = autograded({})
    for cell in notebook["cells"]:
        if cell["id"] in ("solution-double-solution", "test-double"):
            name = "ZeroDivisionError" if cell["id"].startswith("sol") else "NameError"
            cell["outputs"] = [{"output_type": "error", "ename": name, "evalue": "x"}]
    page = render_feedback(notebook, MARKS)
    assert "The cell of your answer did not run. The cell stopped with a ZeroDiv" in page


def test_a_word_on_stderr_is_named_as_the_cause():
    notebook = autograded({})
    for cell in notebook["cells"]:
        if cell["id"] == "test-double":
            cell["outputs"] = [{"output_type": "stream", "name": "stderr", "text": "x"}]
    assert "Something was written to stderr" in render_feedback(notebook, MARKS)


def test_a_notebook_that_needs_a_look_says_so_without_the_reason():
    page = render_feedback(autograded(reasons=["/secret/reason"]), MARKS)
    assert "A person takes a look at this notebook" in page
    assert "/secret" not in page
    assert "takes a look" not in render_feedback(autograded(), MARKS)


def test_points_that_a_person_took_away_are_not_called_passed():
    marks = Marks("ada", "toy", SCORES | {"count": (0.5, 1.0)}, frozenset(), {})
    page = render_feedback(autograded(), marks)
    assert "All checks pass" not in page
    assert "The checks do not give all points." in page


@pytest.mark.parametrize("noted", ["x", ["x"], 3, None, {"said": "forged"}])
def test_what_a_student_notes_in_the_metadata_counts_for_nothing(noted):
    notebook = autograded()
    notebook["metadata"]["grading"] = noted
    for cell in notebook["cells"]:
        if cell["id"] == "test-double":
            cell["metadata"] |= {"grading": noted, "course": noted}
            cell["outputs"] = [{"output_type": "error", "ename": "CheckFailed", "evalue": "Told."}]
    page = render_feedback(notebook, MARKS)
    assert "Told." in page
    assert "forged" not in page


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>", "![x](http://x/y)", "[x](javascript:alert(1))",
        "<svg onload=alert(1)>", "<a href='data:text/html,x'>x</a>", "<style>@import 'x'</style>",
    ],
)  # fmt: skip
def test_no_answer_or_comment_runs_or_loads_anything(source):
    marks = Marks("ada", "toy", SCORES, frozenset(), {"derive": source})
    page = render_feedback(autograded(derive=source, double_solution=source), marks)
    shown = page[page.index("<body>") :].replace("&lt;", "")
    for bad in ("<script", "<img", "<svg", "<style", 'href="javascript', 'href="data'):
        assert bad not in shown
    assert "default-src 'none'" in page


def test_markdown_keeps_its_structure():
    made = safe_markdown("# T\n\n- *a* `b`\n\n|x|\n|-|\n|1|\n\n[l](https://x.org)", links=True)
    for tag in ("<h1>", "<li>", "<em>a</em>", "<code>b</code>", "<td>1</td>", 'href="https://x'):
        assert tag in made


def test_a_learners_link_leads_nowhere():
    assert "href" not in safe_markdown("[l](https://x.org) https://y.org")


def test_markdown_ends_where_it_would_take_too_long():
    made = safe_markdown("word " * 10_000 + "end")
    assert len(made) < MAX_MARKDOWN + 100
    assert "end" not in made


def test_headings_are_found_without_their_signs():
    notebook = autograded()
    notebook["cells"][0]["source"] = ["# Toy #\n", "#no heading\n", "\n", "## The `x` of $y$ ##"]
    page = render_feedback(notebook, MARKS)
    assert "<h1>Toy</h1>" in page
    assert "<h2>The x of y</h2>" in page


def test_the_text_tells_the_same_in_narrow_lines():
    text = text_feedback(NotebookResult("ada", "toy", "toy", [], QUESTIONS))
    assert text == textwrap.dedent("""\
        toy: 1 of 4 points for the questions that are checked by machine

        double: 0 of 3
          Tried: double(an array (2, 3) of float64), and 2 more calls
          double is not right yet: see [3, 4]
            came:      an array (5, 4) of float64
            expected:  an array (4, 5) of float64
            look at:   the axes came in the opposite order: is a transpose missing or
                       too many? <b>
            This is a hidden check on other inputs: it shows no numbers.
          Hint: Squaring `x` is <i>not</i> doubling.

        count: 1 of 1

        derive: a person reads this answer (2 points)
        """)


def test_a_row_without_a_label_hangs_under_its_own_beginning():
    said = "q is not right yet\n  " + "word " * 30
    lost = QuestionResult(0.0, 3.0, False, said)
    lines = text_feedback(NotebookResult("ada", "toy", "toy", [], {"q": lost})).splitlines()
    assert [line.startswith("    word") for line in lines[-2:]] == [True, True]
    page = render_feedback(autograded({"double": lost}), MARKS)
    assert 'class="row"' not in page
    assert render_feedback(autograded(), MARKS).count('class="row"') == 3


def test_no_line_of_the_text_is_longer_than_78_columns():
    long = QuestionResult(0.0, 3.0, False, "x" * 300 + "\n  came:  " + "y " * 300, tried="z" * 200)
    result = NotebookResult("ada", "toy", "toy", ["/secret"], {"q" * 100: long})
    text = text_feedback(result)
    assert max(map(len, text.splitlines())) <= 78
    assert "A person takes a look" in text
    assert "/secret" not in text
    assert "x" * 70 in text
    ungraded = NotebookResult("a", "t", "t", ["Why."], {"q": QuestionResult(None, 1.0, False)})
    assert "q: not graded yet (1 points)" in text_feedback(ungraded)
