"""The feedback page and its short text: points, what each check said, no word of a hidden test."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup, escape
from nbconvert.exporters import Exporter
from nbconvert.filters import markdown2html_mistune
from nbconvert.preprocessors.sanitize import SanitizeHTML
from nbgrader.api import BaseCell, Comment, Grade, Gradebook, GradeCell
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Unicode, default

from autograder.harmless import MAX_MARKDOWN
from autograder.regions import EMPTY_TEST, HIDDEN_TESTS, MARK_SCHEME, SOLUTION, split_region
from autograder.results import NotebookResult, QuestionResult, clean_text
from autograder.wording import UNWRITTEN, known

MAX_MESSAGE = 1500
TEMPLATES = Path(__file__).parent / "templates"
_COLUMNS = 78
_UNDEFINED = re.compile(r"name '(\w+)' is not defined")
_TAGS = [
    *("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "code"),
    *("em", "strong", "del", "sub", "sup", "a", "ol", "ul", "li"),
    *("table", "thead", "tbody", "tr", "th", "td"),
]
_HEADING = re.compile(r"^#{1,6}[ \t]+(.{1,200})", re.MULTILINE)
_SECTION = re.compile(r"(?:[\w-]+/)*(?P<page>[\w-]+)\.html(?:#(?P<anchor>[\w-]+))?", re.ASCII)


@dataclass(frozen=True)
class Marks:
    """What the gradebook holds of one notebook.

    Parameters
    ----------
    student, assignment : str
    scores : dict from a question's id to (points, of how many)
    waiting : frozenset of ids of questions that a person has yet to mark
    comments : dict from a cell's id to what a person wrote
    late_penalty : float
    """

    student: str
    assignment: str
    scores: dict[str, tuple[float, float]]
    waiting: frozenset[str]
    comments: dict[str, str]
    late_penalty: float = 0.0


class FeedbackExporter(Exporter):
    """Writes the feedback page of a notebook that `KeepHidden` has gone through."""

    templates = TEMPLATES
    output_mimetype = "text/html"

    @default("file_extension")
    def _html(self) -> str:
        return ".html"

    def from_notebook_node(  # type: ignore[override]  # as nbconvert's exporters to text do
        self, nb: Any, resources: Any = None, **kw: Any
    ) -> tuple[str, Any]:
        """Return the page; called by nbgrader."""
        clean, resources = super().from_notebook_node(nb, resources, **kw)
        return _page(clean.metadata["feedback"]), resources


class KeepHidden(NbGraderPreprocessor):  # type: ignore[misc]
    """Takes out of a graded notebook what a student must not see, and sums up the questions.

    Points and comments are the gradebook's, read at once; nbgrader's own ``GetGrades`` takes ten
    times as long and is not needed. Hidden tests and marking schemes go, with their BEGIN and END
    lines; so do all outputs, for they may quote a hidden input or a path. In their place stands
    what a check said: what the autograder noted in the test cell's metadata or, under nbgrader's
    own execution, what can be told of the error. A `rnncore.checking.CheckFailed` is written so
    that it gives nothing away, of other errors only the type is told wherever the cell has hidden
    tests.
    """

    book_url = Unicode(
        "", help="Where the book's HTML lies; without it the feedback names sections in words."
    ).tag(config=True)

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Clean a notebook; called by nbgrader."""
        place = resources["nbgrader"]
        with Gradebook(place["db_url"], course_id="") as gradebook:  # a name would be entered
            marks = read_marks(gradebook, place["student"], place["assignment"], place["notebook"])
        feedback = summarise(nb, marks, self.book_url)
        for cell in nb.cells:
            _clean(cell)
        nb.metadata.pop("grading", None)
        nb.metadata["feedback"] = feedback
        return nb, resources


def render_feedback(notebook: dict[str, Any], marks: Marks, book_url: str = "") -> str:
    """Return the feedback page of an autograded notebook, which stays as it is.

    Parameters
    ----------
    notebook : dict
        The parsed file.
    marks : Marks
    book_url : str
        Where the book's HTML lies; without it the feedback names sections in words.
    """
    return _page(summarise(notebook, marks, book_url))


def read_marks(gradebook: Gradebook, student: str, assignment: str, notebook: str) -> Marks:
    """Read the marks of one notebook from the gradebook, in three queries."""
    submitted = gradebook.find_submission_notebook(notebook, assignment, student)
    grades = (
        gradebook.db.query(
            *(GradeCell.name, GradeCell.max_score),
            *(Grade.score, Grade.manual_score, Grade.auto_score),
        )
        .join(Grade, Grade.cell_id == GradeCell.id)
        .filter(Grade.notebook_id == submitted.id)
        .all()
    )
    comments = (
        gradebook.db.query(BaseCell.name, Comment.comment)
        .join(Comment, Comment.cell_id == BaseCell.id)
        .filter(Comment.notebook_id == submitted.id)
    )
    return Marks(
        student,
        assignment,
        {name: (float(score), float(most)) for name, most, score, _, _ in grades},
        frozenset(name for name, *_, manual, auto in grades if manual is None and auto is None),
        {name: comment for name, comment in comments if comment},
        float(submitted.late_submission_penalty or 0),
    )


def summarise(notebook: Any, marks: Marks, book_url: str = "") -> dict[str, Any]:
    """Gather what the feedback page shows; every text in it may be shown to the student."""
    title, heading, broken = "", "", ""
    answers: dict[str, Any] = {}
    questions = []
    for cell in notebook["cells"]:
        role, source = _role(cell), _source(cell)
        if cell["cell_type"] == "markdown" and not role:
            found = [each.rstrip("# \t") for each in _HEADING.findall(source)]
            title = title or (found[0] if found else "")
            heading = found[-1] if found else heading
        if role.get("solution"):
            answers[role["grade_id"]] = cell
            verdict = _verdict(cell)
            broken = f"The cell of your answer did not run. {verdict}" if verdict else ""
        if role.get("grade"):
            answer = cell if role.get("solution") else answers.get(f"{role['grade_id']}_solution")
            question = _question(cell, answer, marks, broken)
            questions.append(
                question
                | {
                    "heading": re.sub(r"[`*_$\\]", "", heading) or question["id"],
                    "book": _section(cell, book_url),
                }
            )
    got, most = (sum(part) for part in zip((0.0, 0.0), *marks.scores.values(), strict=True))
    return {
        "title": title or marks.assignment,
        "student": marks.student,
        "score": got - marks.late_penalty,
        "points": most,
        "percent": round(min(100, max(0, 100 * (got - marks.late_penalty) / most))) if most else 0,
        "late_penalty": marks.late_penalty,
        "looked_at": bool(noted(notebook, "grading").get("reasons")),
        "questions": questions,
    }


def _question(cell: Any, answer: Any, marks: Marks, broken: str) -> dict[str, Any]:
    grade_id = _role(cell)["grade_id"]
    score, points = marks.scores.get(grade_id, (0.0, 0.0))
    manual = answer is cell
    graded = _graded(cell)
    if graded is None and not manual:
        verdict = _verdict(cell)
        graded = QuestionResult(
            score, points, False, said=broken if verdict and broken else verdict
        )
    return {
        "id": grade_id,
        "score": score,
        "points": points,
        "manual": manual,
        "waits": manual and grade_id in marks.waiting,
        "said": None if manual or graded is None else graded.said,
        "tried": None if manual or graded is None else graded.tried,
        "hint": None if manual or graded is None else graded.hint,
        "answer": None if answer is None else _visible(answer),
        "answer_is_text": answer is not None and answer["cell_type"] == "markdown",
        "comment": None if answer is None else _comment(answer, marks),
        "test": None if manual else _visible(cell),
    }


def _role(cell: Any) -> Any:
    """What nbgrader's metadata says of a cell."""
    return cell["metadata"].get("nbgrader", {})


def _source(cell: Any) -> str:
    return "".join(cell["source"])


def noted(of: Any, name: str) -> dict[str, Any]:
    """What the course noted in a notebook's or a cell's metadata; a student may write anything."""
    value = of["metadata"].get(name)
    return value if isinstance(value, dict) else {}


def _graded(cell: Any) -> QuestionResult | None:
    """What the autograder noted of a question; None under plain nbgrader."""
    try:
        return QuestionResult.from_json(dict(noted(cell, "grading")))
    except ValueError:
        return None


def _section(cell: Any, book_url: str) -> dict[str, str | None] | None:
    """Say where in the book to read on."""
    named = _SECTION.fullmatch(str(noted(cell, "course").get("book", "")))
    if not named:
        return None
    page, anchor = (re.sub("[_-]", " ", part or "") for part in named.group("page", "anchor"))
    return {
        "url": f"{book_url.rstrip('/')}/{named[0]}" if book_url else None,
        "words": f"“{anchor}” on the page “{page}”" if anchor else f"the page “{page}”",
    }


def _comment(answer: Any, marks: Marks) -> str | None:
    """Return what a person wrote; of an untouched answer nbgrader itself says "No response."."""
    comment = marks.comments.get(_role(answer)["grade_id"])
    return None if comment == "No response." and not _role(answer).get("grade") else comment


def _visible(cell: Any) -> str:
    """Return the source of a cell without what a student must not see."""
    source = _source(cell)
    for kind in (HIDDEN_TESTS, MARK_SCHEME):
        source = split_region(source, kind)[0]
    if _role(cell).get("grade") and not _role(cell).get("solution"):
        source = split_region(source, SOLUTION)[0].strip("\n") or EMPTY_TEST
    return source


def _clean(cell: Any) -> None:
    cell["source"] = _visible(cell)
    cell["metadata"].pop("grading", None)
    if cell["cell_type"] == "code":
        cell["outputs"] = []
        cell["execution_count"] = None


def _verdict(cell: Any) -> str | None:
    """Say how a code cell failed under nbgrader's own execution; None if it ran."""
    outputs, is_test = cell.get("outputs", []), bool(_role(cell).get("grade"))
    errors = [output for output in outputs if output["output_type"] == "error"]
    if not errors:
        if is_test and any(output.get("name") == "stderr" for output in outputs):
            return "Something was written to stderr, a warning for example. No cell may do that."
        return None
    name, message = str(errors[0]["ename"]), clean_text(str(errors[0]["evalue"]), MAX_MESSAGE)
    if name == "CheckFailed":
        return message
    if name == "CellTimeoutError":
        return "This cell ran out of time."
    if name == "NotImplementedError" or message.startswith("NotImplementedError"):
        return UNWRITTEN
    source = _source(cell)
    visible = split_region(source, HIDDEN_TESTS)[0]
    undefined = _UNDEFINED.fullmatch(message)
    if name == "NameError" and undefined and re.search(rf"\b{undefined[1]}\b", visible):
        return (
            f"{undefined[1]} is not defined: the cell that should bind it did not run to its end."
        )
    if name == "StudentError":
        if is_test and visible == source:
            return f"Your function raised {message}"
        return f"Your function raised {known(message.partition(':')[0])}."
    return f"The cell stopped with {known(name)}. Run it in your notebook to see where."


@lru_cache(maxsize=512)
def safe_markdown(source: str, links: bool = False) -> Markup:
    """Render Markdown that a stranger wrote: its text and structure, no script, image or style.

    Links lead somewhere only where ``links`` says so, in the words of an instructor. The text ends
    after ``MAX_MARKDOWN`` characters, since the time grows with the square.
    """
    sanitizer: Any = SanitizeHTML
    clean = sanitizer(
        tags=_TAGS, attributes={"a": ["href"]} if links else {}, strip=True
    ).sanitize_html_tags
    return Markup(clean(markdown2html_mistune(source[:MAX_MARKDOWN])))


def with_code(text: str) -> Markup:
    """Escape a text and set what stands between backquotes as code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))


def points(number: float) -> str:
    """Write points without needless digits."""
    return f"{round(number, 2):g}"


@cache
def environment() -> Environment:
    """Return the templates of pages; they escape whatever is not marked as safe."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    made.filters |= {"points": points, "safe_markdown": safe_markdown, "with_code": with_code}
    return made


def _page(feedback: dict[str, Any]) -> str:
    return environment().get_template("course_feedback/index.html.j2").render(feedback=feedback)


def text_feedback(result: NotebookResult) -> str:
    """Return the feedback as plain text of at most 78 columns, for a mail."""
    blocks = [
        "\n".join(
            _wrapped(
                f"{result.notebook}: {points(result.score)} of {points(result.max_score)} points "
                "for the questions that are checked by machine"
            )
        )
    ]
    if result.reasons:
        blocks.append("A person takes a look at this notebook: points may change.")
    blocks += ["\n".join(_lines(name, each)) for name, each in result.questions.items()]
    return "\n\n".join(blocks) + "\n"


def _lines(name: str, question: QuestionResult) -> Iterator[str]:
    if question.score is None:
        waits = "a person reads this answer" if question.manual else "not graded yet"
        yield from _wrapped(f"{name}: {waits} ({points(question.max_score)} points)")
        return
    yield from _wrapped(f"{name}: {points(question.score)} of {points(question.max_score)}")
    if question.tried and question.said:
        yield from _wrapped(f"Tried: {question.tried}", "  ", "    ")
    for line in (question.said or "").splitlines():
        label = line.startswith("  ") and ":" in line[:13]
        indent = "    " if line.startswith("  ") else "  "
        yield from _wrapped(line.strip(), indent, " " * 15 if label else indent)
    if question.hint:
        yield from _wrapped(f"Hint: {question.hint}", "  ", "  ")


def _wrapped(text: str, first: str = "", rest: str = "  ") -> list[str]:
    return textwrap.wrap(
        text, _COLUMNS, initial_indent=first, subsequent_indent=rest, drop_whitespace=True
    )
