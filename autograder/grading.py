"""Grades all submissions of an assignment with nbgrader and gathers what came of it."""

from __future__ import annotations

import hashlib
import re
import shutil
import stat
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde, BaseConverter, GenerateFeedback
from traitlets.config import Config

from autograder.assignment import Master, read_master
from autograder.course import Course, CourseError
from autograder.release import generate
from autograder.results import NotebookResult, QuestionResult
from autograder.steps import StepFailed, run_step

STUDENT_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
MAX_NOTEBOOK_BYTES = 20 * 2**20
_STAMP = "inputs.sha256"


@dataclass(frozen=True)
class _Run:
    """What grading the submissions of one assignment needs."""

    course: Course
    assignment: str
    masters: list[Master]
    staging: Path
    force: bool

    def convert(self, converter: type[BaseConverter], student: str) -> None:
        """Run one of nbgrader's converters over one student's staged submission."""
        config = Config(self.course.config)
        config.CourseDirectory.submitted_directory = str(self.staging.relative_to(self.course.root))
        config.CourseDirectory.assignment_id = self.assignment
        config.CourseDirectory.student_id = student
        run_step(converter, config)

    def folder(self, step: str, student: str) -> Path:
        """Return where nbgrader keeps a student's notebooks after a step."""
        return self.course.classroom / step / student / self.assignment


def grade(
    course: Course,
    assignment: str,
    *,
    force: bool = False,
    progress: Callable[[str], None] = lambda student: None,
) -> list[NotebookResult]:
    """Grade what lies in ``classroom/submitted/<student>/<assignment>/``.

    Parameters
    ----------
    course : Course
    assignment : str
    force : bool
        Also grade again what has not changed since it was graded.
    progress : callable
        Told each student's id before that submission is graded.

    Returns
    -------
    list of NotebookResult
        One for each student and notebook, in the order of the ids.

    Raises
    ------
    CourseError
        If there is no such assignment, nothing was submitted, or a master breaks a rule.
    """
    masters = [read_master(path) for path in course.masters(assignment)]
    submissions = _submissions(course, assignment)
    course.classroom.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=course.classroom, prefix=".grading-") as scratch:
        generate(course, assignment, Path(scratch) / "release", register=True)
        run = _Run(course, assignment, masters, Path(scratch) / "submitted", force)
        results = []
        for folder in submissions:
            student = folder.parent.name
            progress(student)
            results += _grade_student(run, student, folder)
    return results


def _submissions(course: Course, assignment: str) -> list[Path]:
    found = sorted(
        path
        for path in (course.classroom / "submitted").glob(f"*/{assignment}")
        if path.is_dir() and not path.parent.name.startswith(".")
    )
    if not found:
        raise CourseError(
            f"nothing was submitted for {assignment}: put each student's notebook at "
            f"classroom/submitted/<student>/{assignment}/{assignment}.ipynb"
        )
    return found


def _grade_student(run: _Run, student: str, folder: Path) -> list[NotebookResult]:
    if not STUDENT_ID.fullmatch(student):
        reason = "The folder's name is no student id: use 1 to 64 letters, digits, '.', '_', '-'."
        return [_needs_look(run, student, master, reason) for master in run.masters]
    staged = run.staging / student / run.assignment
    staged.mkdir(parents=True)
    reasons = {
        master.path.stem: _stage(folder / master.path.name, staged) for master in run.masters
    }
    failure = ""
    if any(staged.iterdir()):
        failure = _convert(run, student, staged)
    results = []
    for master in run.masters:
        reason = reasons[master.path.stem] or failure
        if reason:
            results.append(_needs_look(run, student, master, reason))
        else:
            results.append(_graded(run, student, master))
    return results


def _stage(source: Path, staged: Path) -> str:
    """Copy a notebook to where nbgrader reads it; say why not if it cannot be graded."""
    try:
        status = source.lstat()
    except OSError:
        return f"{source.name} was not handed in."
    if not stat.S_ISREG(status.st_mode):
        return f"{source.name} is not a regular file."
    if status.st_size > MAX_NOTEBOOK_BYTES:
        return f"{source.name} is larger than {MAX_NOTEBOOK_BYTES // 2**20} MiB."
    try:
        notebook = nbformat.read(source, as_version=4)  # type: ignore[no-untyped-call]
        nbformat.validate(notebook)
    except Exception as error:
        return f"{source.name} cannot be read as a notebook ({type(error).__name__})."
    nbformat.write(notebook, staged / source.name)  # type: ignore[no-untyped-call]
    return ""


def _convert(run: _Run, student: str, staged: Path) -> str:
    """Autograde and write feedback; return a sentence if nbgrader could not."""
    autograded = run.folder("autograded", student)
    inputs = _hash([*sorted(staged.iterdir()), *(master.path for master in run.masters)])
    stamp = autograded / _STAMP
    if not run.force and stamp.is_file() and stamp.read_text() == inputs:
        steps: tuple[type[BaseConverter], ...] = (GenerateFeedback,)
    else:
        steps = (Autograde, GenerateFeedback)
    try:
        for step in steps:
            run.convert(step, student)
    except StepFailed as error:
        report = run.course.classroom / "logs" / run.assignment / f"{student}.log"
        report.parent.mkdir(parents=True, exist_ok=True)
        report.write_text(error.log, encoding="utf-8")
        shutil.rmtree(run.folder("feedback", student), ignore_errors=True)
        where = report.relative_to(run.course.root).as_posix()
        return f"nbgrader stopped ({error}); see {where}."
    stamp.write_text(inputs)
    return ""


def _needs_look(run: _Run, student: str, master: Master, reason: str) -> NotebookResult:
    questions = {
        question.id: QuestionResult(None, question.points, question.manual)
        for question in master.questions.values()
    }
    return NotebookResult(student, run.assignment, master.path.stem, [reason], questions)


def _graded(run: _Run, student: str, master: Master) -> NotebookResult:
    questions = {}
    with Gradebook(_db_url(run.course), run.course.config.CourseDirectory.course_id) as book:
        for question in master.questions.values():
            try:
                found = book.find_grade(question.id, master.path.stem, run.assignment, student)
            except MissingEntry:
                questions[question.id] = QuestionResult(0.0, question.points, question.manual)
                continue
            waits = found.manual_score is None and found.auto_score is None
            score = None if waits and question.manual else float(found.score)
            questions[question.id] = QuestionResult(score, question.points, question.manual)
    autograded = run.folder("autograded", student) / f"{master.path.stem}.ipynb"
    return NotebookResult(
        student, run.assignment, master.path.stem, _timeouts(autograded), questions
    )


def _timeouts(autograded: Path) -> list[str]:
    notebook = nbformat.read(autograded, as_version=4)  # type: ignore[no-untyped-call]
    return [
        f"Cell {index + 1} ran out of time."
        for index, cell in enumerate(notebook.cells)
        for output in cell.get("outputs", [])
        if output.output_type == "error" and output.ename == "CellTimeoutError"
    ]


def _hash(paths: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _db_url(course: Course) -> str:
    return str(course.config.CourseDirectory.db_url)
