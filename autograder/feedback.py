"""The feedback page: points, what each check said, and no word of a hidden test."""

from __future__ import annotations

import builtins
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nbconvert.exporters import HTMLExporter
from nbconvert.filters import markdown2html_mistune
from nbconvert.preprocessors.sanitize import SanitizeHTML
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade, is_solution
from traitlets import Bool

from autograder.regions import HIDDEN_TESTS, MARK_SCHEME, SOLUTION, split_region
from autograder.release import EMPTY_TEST

MAX_MESSAGE = 1500
_UNDEFINED = re.compile(r"name '(\w+)' is not defined")
_CONTROL = re.compile(r"\x1b\[[0-9;]*[A-Za-z]|[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_TAGS = [
    *("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "code"),
    *("em", "strong", "del", "sub", "sup", "a", "ol", "ul", "li"),
    *("table", "thead", "tbody", "tr", "th", "td"),
]
_HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$", re.MULTILINE)


class FeedbackExporter(HTMLExporter):
    """Writes a feedback page with the course's template; Markdown in it is sanitised."""

    templates = Path(__file__).parent / "templates"
    sanitize_html = Bool(True)

    def default_filters(self) -> Iterator[tuple[str, Any]]:
        """Add the template's own filter; called by nbconvert."""
        yield from super().default_filters()  # type: ignore[no-untyped-call]
        yield "safe_markdown", safe_markdown


def safe_markdown(source: str) -> str:
    """Render Markdown that a stranger wrote: its text and structure, no script, image or style."""
    sanitizer: Any = SanitizeHTML
    clean = sanitizer(tags=_TAGS, attributes={"a": ["href"]}, strip=True).sanitize_html_tags
    return str(clean(markdown2html_mistune(source)))


class KeepHidden(NbGraderPreprocessor):  # type: ignore[misc]
    """Takes out of a graded notebook what a student must not see, and sums up the questions.

    Hidden tests and marking schemes go, with their BEGIN and END lines; so do all outputs, for
    they may quote a hidden input or a path. In their place stands what a check said: a
    `rnncore.checking.CheckFailed` is written so that it gives nothing away, of other errors only
    the type is told wherever the cell has hidden tests.
    """

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Clean a notebook; called by nbgrader after its own ``GetGrades``."""
        title, heading, broken = "", "", ""
        answers: dict[str, Any] = {}
        questions = []
        for cell in nb.cells:
            if cell.cell_type == "markdown" and not cell.metadata.get("nbgrader"):
                found = _HEADING.findall(cell.source)
                title = title or (found[0] if found else "")
                heading = found[-1] if found else heading
            verdict = _verdict(cell) if cell.cell_type == "code" else None
            _clean(cell)
            if is_solution(cell):
                answers[cell.metadata.nbgrader.get("grade_id", "")] = cell
                broken = f"The cell of your answer did not run. {verdict}" if verdict else ""
            if is_grade(cell):
                question = _question(cell, heading, answers)
                if question["manual"]:
                    question["waits"] = _waits(question["id"], resources["nbgrader"])
                else:
                    question["said"] = broken if verdict and broken else verdict
                questions.append(question)
        nb.metadata["feedback"] = {
            "title": title or resources["nbgrader"]["assignment"],
            "questions": questions,
        }
        return nb, resources


def _question(cell: Any, heading: str, answers: dict[str, Any]) -> dict[str, Any]:
    grade_id = cell.metadata.nbgrader["grade_id"]
    manual = is_solution(cell)
    answer = cell if manual else answers.get(f"{grade_id}_solution")
    return {
        "id": grade_id,
        "heading": re.sub(r"[`*_$\\]", "", heading) or grade_id,
        "score": float(cell.metadata.nbgrader.get("score") or 0),
        "points": float(cell.metadata.nbgrader.get("points") or 0),
        "manual": manual,
        "answer": answer,
        "comment": _comment(answer) if answer else None,
        "test": None if manual else cell.source,
    }


def _comment(answer: Any) -> str | None:
    """Return what a person wrote; of an untouched answer nbgrader itself says "No response."."""
    comment = answer.metadata.nbgrader.get("comment")
    return None if comment == "No response." and not is_grade(answer) else comment


def _waits(grade_id: str, place: Any) -> bool:
    """Tell whether a manual question has no mark yet."""
    with Gradebook(place["db_url"]) as gradebook:
        grade = gradebook.find_grade(
            grade_id, place["notebook"], place["assignment"], place["student"]
        )
        return grade.manual_score is None and grade.auto_score is None


def _clean(cell: Any) -> None:
    for kind in (HIDDEN_TESTS, MARK_SCHEME):
        cell.source = split_region(cell.source, kind)[0]
    if is_grade(cell) and not is_solution(cell):
        cell.source = split_region(cell.source, SOLUTION)[0].strip("\n") or EMPTY_TEST
    if cell.cell_type == "code":
        cell.outputs = []
        cell.execution_count = None


def _verdict(cell: Any) -> str | None:
    """Say how a code cell failed; None if it ran."""
    errors = [output for output in cell.outputs if output.output_type == "error"]
    if not errors:
        if is_grade(cell) and any(o.get("name") == "stderr" for o in cell.outputs):
            return "Something was written to stderr, a warning for example. No cell may do that."
        return None
    name, message = str(errors[0].ename), _CONTROL.sub(" ", str(errors[0].evalue))
    if name == "CheckFailed":
        return _bounded(message)
    if name == "CellTimeoutError":
        return "This cell ran out of time."
    if name == "NotImplementedError" or message.startswith("NotImplementedError"):
        return "This part is not written yet."
    visible = split_region(cell.source, HIDDEN_TESTS)[0]
    undefined = _UNDEFINED.fullmatch(message)
    if name == "NameError" and undefined and re.search(rf"\b{undefined[1]}\b", visible):
        return (
            f"{undefined[1]} is not defined: the cell that should bind it did not run to its end."
        )
    if name == "StudentError":
        if is_grade(cell) and visible == cell.source:
            return _bounded(f"Your function raised {message}")
        return f"Your function raised {_known(message.partition(':')[0])}."
    return f"The cell stopped with {_known(name)}. Run it in your notebook to see where."


def _known(name: str) -> str:
    """Return the name of an exception if Python defines it; another name may say anything."""
    found = getattr(builtins, name, None)
    is_exception = isinstance(found, type) and issubclass(found, BaseException)
    return f"{'an' if name[0] in 'AEIOU' else 'a'} {name}" if is_exception else "an error"


def _bounded(text: str) -> str:
    return text if len(text) <= MAX_MESSAGE else text[: MAX_MESSAGE - 1] + "…"
