"""Reads the results of an assignment back from the autograded notebooks and the gradebook."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from nbgrader.api import Assignment, Grade, Gradebook, GradeCell, Notebook
from nbgrader.api import SubmittedAssignment as Handed
from nbgrader.api import SubmittedNotebook as HandedNotebook

from autograder.assignment import Master, read_master
from autograder.course import Course, CourseError
from autograder.feedback import noted
from autograder.results import NotebookResult, QuestionResult, text_cell

Scores = dict[tuple[str, str, str], float | None]


def collect(course: Course, assignment: str) -> list[NotebookResult]:
    """Read the results of an assignment back from the autograded notebooks and the gradebook.

    Scores are the gradebook's, so that marks given by hand count.

    Raises
    ------
    CourseError
        If there is no such assignment or nothing of it was graded yet.
    """
    masters = [read_master(path) for path in course.masters(assignment)]
    if not list(course.classroom.glob(f"autograded/*/{assignment}")):
        raise CourseError(
            f"nothing of {assignment} is graded yet: run `autograder grade {assignment}` first"
        )
    scores = _scores(course, assignment)
    why = _reasons_in_table(course.classroom / f"{assignment}.csv")
    students = {
        folder.parent.name
        for step in ("submitted", "autograded")
        for folder in course.classroom.glob(f"{step}/*/{assignment}")
        if not folder.parent.name.startswith(".")
    }
    return [
        _collected(course, assignment, student, master, scores, why)
        for student in sorted(students)
        for master in masters
    ]


def _scores(course: Course, assignment: str) -> Scores:
    """Return all scores by student, notebook and question; None while one waits for a person."""
    place = course.config.CourseDirectory
    with Gradebook(str(place.db_url), place.course_id) as book:
        rows = (
            book.db.query(
                *(Handed.student_id, Notebook.name, GradeCell.name),
                *(Grade.score, Grade.manual_score, Grade.auto_score),
            )
            .join(GradeCell, GradeCell.id == Grade.cell_id)
            .join(HandedNotebook, HandedNotebook.id == Grade.notebook_id)
            .join(Notebook, Notebook.id == HandedNotebook.notebook_id)
            .join(Handed, Handed.id == HandedNotebook.assignment_id)
            .join(Assignment, Assignment.id == Handed.assignment_id)
            .filter(Assignment.name == assignment)
        )
        return {
            tuple(key): None if manual is None and auto is None else float(score)
            for *key, score, manual, auto in rows
        }


def _reasons_in_table(table: Path) -> dict[tuple[str, str], str]:
    """Return why notebooks need a look, as the last run wrote it down."""
    if not table.is_file():
        return {}
    with table.open(encoding="utf-8", newline="") as file:
        return {(row["student"], row["notebook"]): row["reasons"] for row in csv.DictReader(file)}


def _collected(
    course: Course,
    assignment: str,
    student: str,
    master: Master,
    scores: Scores,
    why: dict[tuple[str, str], str],
) -> NotebookResult:
    name = master.path.stem
    path = course.classroom / "autograded" / student / assignment / f"{name}.ipynb"
    blank = NotebookResult(
        student,
        assignment,
        name,
        [],
        {q.id: QuestionResult(None, q.points, q.manual) for q in master.questions.values()},
    )
    if not path.is_file():
        reason = why.get((text_cell(student), name)) or "It was not graded: grade it again."
        return replace(blank, reasons=[reason])
    try:
        noted_down = _noted_down(blank, json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, RecursionError):
        return replace(
            blank, reasons=["Its autograded notebook cannot be read: grade it with --force."]
        )
    questions = {
        question: replace(result, score=scores.get((student, name, question), result.score))
        for question, result in noted_down.questions.items()
    }
    return replace(noted_down, questions=questions)


def _noted_down(blank: NotebookResult, notebook: dict[str, Any]) -> NotebookResult:
    """Return what the autograder noted in a notebook; of plain nbgrader's there is nothing."""
    raw, grading = blank.as_json(), noted(notebook, "grading")
    raw |= {key: grading[key] for key in ("reasons", "log", "seed") if key in grading}
    raw["status"] = "needs_look" if raw["reasons"] else "graded"
    result = NotebookResult.from_json(raw)
    found = {
        cell["metadata"]["nbgrader"].get("grade_id"): noted(cell, "grading")
        for cell in notebook["cells"]
        if noted(cell, "nbgrader").get("grade") and noted(cell, "grading")
    }
    questions = {
        name: QuestionResult.from_json(found[name]) if name in found else question
        for name, question in blank.questions.items()
    }
    return replace(result, student=blank.student, questions=questions)
