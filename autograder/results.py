"""What grading gives: scores by question, as JSON, as CSV and as a table."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.table import Table


@dataclass(frozen=True)
class QuestionResult:
    """The score of one question; None while nobody, or nothing, has given one."""

    score: float | None
    max_score: float
    manual: bool

    def as_json(self) -> dict[str, Any]:
        """Return the question's entry of the JSON file."""
        return {
            "score": self.score,
            "max_score": self.max_score,
            "needs_manual": self.manual and self.score is None,
            "hint": None,
        }


@dataclass(frozen=True)
class NotebookResult:
    """One student's notebook after grading."""

    student: str
    assignment: str
    notebook: str
    reasons: list[str]
    questions: dict[str, QuestionResult]

    @property
    def status(self) -> str:
        """Either "graded" or "needs_look"."""
        return "needs_look" if self.reasons else "graded"

    @property
    def score(self) -> float:
        """Points of the automatic questions."""
        return sum(q.score or 0.0 for q in self.questions.values() if not q.manual)

    @property
    def max_score(self) -> float:
        """Points that the automatic questions can give."""
        return sum(q.max_score for q in self.questions.values() if not q.manual)

    @property
    def manual_max(self) -> float:
        """Points that wait for a person."""
        return sum(q.max_score for q in self.questions.values() if q.manual)

    def as_json(self) -> dict[str, Any]:
        """Return the notebook's object of the JSON file."""
        return {
            "student": self.student,
            "assignment": self.assignment,
            "notebook": self.notebook,
            "status": self.status,
            "reasons": self.reasons,
            "score": self.score,
            "max_score": self.max_score,
            "manual_max": self.manual_max,
            "questions": {name: q.as_json() for name, q in self.questions.items()},
        }


def write_json(results: Sequence[NotebookResult], path: Path) -> None:
    """Write one object a notebook."""
    text = json.dumps([result.as_json() for result in results], indent=1, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")


def write_csv(results: Sequence[NotebookResult], path: Path) -> None:
    """Write one line a notebook and one column a question, safe to open in a spreadsheet."""
    names = list(dict.fromkeys(name for result in results for name in result.questions))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["student", "notebook", "status", "score", "max_score", *names, "reasons"])
        for result in results:
            scores = [result.questions.get(name) for name in names]
            writer.writerow(
                [
                    _text_cell(result.student),
                    _text_cell(result.notebook),
                    result.status,
                    result.score,
                    result.max_score,
                    *("" if q is None or q.score is None else q.score for q in scores),
                    _text_cell(" ".join(result.reasons)),
                ]
            )


def _text_cell(text: str) -> str:
    """Quote what a spreadsheet would take for a formula."""
    return f"'{text}" if text[:1] in tuple("=+-@\t\r") else text


def summary(results: Sequence[NotebookResult]) -> Table:
    """Draw the results as a table for the terminal; the names of lost questions are in the CSV."""
    several = len({result.notebook for result in results}) > 1
    table = Table(title=results[0].assignment)
    for heading in ("student", *(["notebook"] if several else []), "status"):
        table.add_column(heading, overflow="fold")
    for heading in ("score", "of", "questions lost", "to mark by hand"):
        table.add_column(heading, justify="right")
    for result in results:
        automatic = [q for q in result.questions.values() if not q.manual and q.score is not None]
        lost = sum(q.score < q.max_score for q in automatic if q.score is not None)
        waiting = sum(q.manual and q.score is None for q in result.questions.values())
        table.add_row(
            result.student,
            *([result.notebook] if several else []),
            "needs a look" if result.reasons else "graded",
            f"{result.score:g}",
            f"{result.max_score:g}",
            "" if result.reasons else str(lost),
            "" if result.reasons else str(waiting),
        )
    return table


def reasons(results: Sequence[NotebookResult]) -> list[str]:
    """Say of each notebook that needs a look, why."""
    return [f"{r.student}, {r.notebook}: {' '.join(r.reasons)}" for r in results if r.reasons]
