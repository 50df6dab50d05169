"""Puts a graded submission where nbgrader looks for it: gradebook, notebook, feedback, stamp."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from nbformat.notebooknode import NotebookNode
from nbgrader.utils import compute_checksum

from autograder.assignment import Master
from autograder.course import Course
from autograder.feedback import Marks, render_feedback, text_feedback
from autograder.gradebook import Book, Entry, Registered
from autograder.journal import Answer, write_whole
from autograder.results import NotebookResult, QuestionResult
from autograder.submissions import Submission

STAMP = "inputs.sha256"


@dataclass(frozen=True)
class Recorder:
    """The one writer of a class run."""

    course: Course
    book: Book
    masters: Sequence[Master]

    def record(
        self, submission: Submission, answers: Mapping[str, Answer], digest: str
    ) -> list[NotebookResult]:
        """Write what came of a submission; done again, it comes to the same.

        The gradebook is first, in one transaction, so that a change of an answer is seen against
        the notebook that lay there when a person marked it. The stamp is last.
        """
        if not submission.has_id or submission.is_empty:
            return [answers[master.path.stem].result for master in self.masters]
        student = submission.student
        folder = self.folder("autograded", student)
        entries = {
            name: _entry(answer, folder / f"{name}.ipynb", self.book.notebooks[name])
            for name, answer in answers.items()
        }
        marks, outdated = self.book.record(student, entries, submission.timestamp)
        results = []
        for name, answer in answers.items():
            result = with_marks(answer.result, marks[name], outdated[name])
            self._write_files(name, replace(answer, result=result), marks[name])
            results.append(result)
        if folder.is_dir():
            write_whole(folder / STAMP, self._stamp(digest, marks).encode())
        return results

    def unchanged(
        self, submission: Submission, answers: Mapping[str, Answer], digest: str
    ) -> list[NotebookResult] | None:
        """Return the results of a submission of which nothing is left to write; else None."""
        stamp = self.folder("autograded", submission.student) / STAMP
        if not submission.has_id or not stamp.is_file():
            return None
        marks, outdated = self.book.marks(submission.student)
        if stamp.read_text() != self._stamp(digest, marks) or not self._has_files(answers):
            return None
        return [
            with_marks(answer.result, marks[name], outdated[name])
            for name, answer in answers.items()
        ]

    def folder(self, step: str, student: str) -> Path:
        """Return where nbgrader keeps a student's files after a step."""
        return self.course.classroom / step / student / self.book.assignment

    def _has_files(self, answers: Mapping[str, Answer]) -> bool:
        return all(
            (self.folder("autograded", answer.result.student) / f"{name}.ipynb").is_file()
            and (self.folder("feedback", answer.result.student) / f"{name}.html").is_file()
            for name, answer in answers.items()
            if answer.notebook is not None
        )

    def _stamp(self, digest: str, marks: Mapping[str, Marks]) -> str:
        facts = [
            digest,
            *(
                [name, sorted(m.scores.items()), sorted(m.waiting), sorted(m.comments.items())]
                for name, m in sorted(marks.items())
            ),
            [m.late_penalty for _, m in sorted(marks.items())],
        ]
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()

    def _write_files(self, name: str, answer: Answer, marks: Marks) -> None:
        student = answer.result.student
        autograded = self.folder("autograded", student) / f"{name}.ipynb"
        feedback = self.folder("feedback", student)
        if answer.notebook is None:
            for path in (autograded, feedback / f"{name}.html", feedback / f"{name}.txt"):
                path.unlink(missing_ok=True)
            return
        notebook = dict(answer.notebook)
        noted = notebook["metadata"].get("grading", {})
        grading = {**noted, "reasons": answer.result.reasons, "log": answer.result.log}
        notebook["metadata"] = {**notebook["metadata"], "grading": grading}
        _write(autograded, json.dumps(notebook, ensure_ascii=False) + "\n")
        url = str(self.course.config.KeepHidden.get("book_url", ""))
        _write(feedback / f"{name}.html", render_feedback(notebook, marks, url))
        _write(feedback / f"{name}.txt", text_feedback(answer.result))


def not_graded(
    submission: Submission, assignment: str, master: Master, reason: str, score: float | None
) -> Answer:
    """Return what stands for the answer of a grader that has not seen or finished a notebook."""
    questions = {
        question.id: QuestionResult(score, question.points, question.manual)
        for question in master.questions.values()
    }
    name = master.path.stem
    return Answer(NotebookResult(submission.student, assignment, name, [reason], questions), None)


def with_marks(result: NotebookResult, marks: Marks, outdated: Sequence[str]) -> NotebookResult:
    """Return a result with the gradebook's points, and a sentence for each mark to look at."""
    questions = {
        name: replace(question, score=None if name in marks.waiting else marks.scores[name][0])
        for name, question in result.questions.items()
    }
    sentences = [
        f"{name} was marked by hand, and since then its answer or its tests have changed: the mark "
        "stays until somebody looks at it."
        for name in sorted(outdated)
    ]
    return replace(result, questions=questions, log=[*result.log, *sentences])


def _entry(answer: Answer, before: Path, known: Registered) -> Entry:
    questions = answer.result.questions
    if answer.notebook is None:
        scores = {name: question.score for name, question in questions.items()}
        return Entry(scores, changed=frozenset(questions), was_read=False)
    answers = _answers(answer.notebook)
    earlier = _answers(_read(before))
    untouched = frozenset(
        name for name, cell in answers.items() if _checksum(cell) == known.checksums.get(name)
    )
    scores = {
        name: (0.0 if name in untouched else None) if question.manual else question.score
        for name, question in questions.items()
    }
    changed = frozenset(
        name
        for name in questions
        for cell in (name, f"{name}_solution")
        if cell in answers and _source(answers, cell) != _source(earlier, cell)
    )
    return Entry(scores, untouched, changed)


def _answers(notebook: Mapping[str, Any]) -> dict[str, Any]:
    """Return the cells that a student answers in, by their ids."""
    roles = ((cell["metadata"].get("nbgrader", {}), cell) for cell in notebook["cells"])
    return {role["grade_id"]: cell for role, cell in roles if role.get("solution")}


def _source(cells: Mapping[str, Any], name: str) -> str | None:
    return "".join(cells[name]["source"]) if name in cells else None


def _checksum(cell: Any) -> str:
    node: Any = NotebookNode
    return str(compute_checksum(node(cell, metadata=node(cell["metadata"]))))


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except FileNotFoundError:
        return {"cells": []}


def _write(path: Path, text: str) -> None:
    content = text.encode("utf-8", "replace")
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.is_file() or path.read_bytes() != content:
        write_whole(path, content)
