"""nbgrader's gradebook: a submission's marks in one transaction, as nbgrader itself would write."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import TracebackType
from typing import Any

from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    GradeCell,
    Notebook,
    SolutionCell,
    SourceCell,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
    new_uuid,
)
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy import create_engine, insert, select, text, update
from sqlalchemy.orm import Session

from autograder.course import Course
from autograder.feedback import Marks

UNTOUCHED = "No response."
_LOCK_SECONDS = 60


@dataclass(frozen=True)
class Entry:
    """What grading found in one notebook.

    Parameters
    ----------
    scores : mapping from a question's id to points
        None where nothing and nobody has given any.
    untouched : frozenset of str
        The answer cells in which the student wrote nothing.
    changed : frozenset of str
        The questions whose answer is not the one that lay in ``autograded/`` before.
    was_read : bool
        Whether there is a notebook that could be read; only such a one can be late.
    """

    scores: Mapping[str, float | None]
    untouched: frozenset[str] = frozenset()
    changed: frozenset[str] = frozenset()
    was_read: bool = True


@dataclass
class Registered:
    """A notebook of the assignment, as the gradebook knows it: ids of cells by name."""

    id: str
    grade_cells: dict[str, str] = field(default_factory=dict)
    solution_cells: dict[str, str] = field(default_factory=dict)
    points: dict[str, float] = field(default_factory=dict)
    checksums: dict[str, str | None] = field(default_factory=dict)


Held = tuple[dict[str, Marks], dict[str, list[str]]]
"""By notebook, what the gradebook holds, and the questions whose mark by hand is out of date."""


class Book:
    """The gradebook of a course, open for one assignment that is registered in it."""

    def __init__(self, course: Course, assignment: str) -> None:
        self.assignment = assignment
        self._engine = open_engine(course)
        self._session = Session(self._engine)
        self._late = AssignLatePenalties(config=course.config)
        self._late.init_plugin()
        with self._session.begin():
            found = select(Assignment.id, Assignment.duedate).where(Assignment.name == assignment)
            self._id, self._duedate = self._session.execute(found).one()
            self.notebooks = registered(self._session, self._id)

    def __enter__(self) -> Book:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._session.close()
        self._engine.dispose()

    def record(
        self, student: str, entries: Mapping[str, Entry], timestamp: datetime | None
    ) -> Held:
        """Write what grading found of a student's notebooks, wholly or not at all.

        What a person wrote is kept. A mark given by hand is flagged for another look if the answer
        has changed since, or if the machine now gives the question other points.

        Parameters
        ----------
        student : str
        entries : mapping from a notebook's name to an Entry
        timestamp : datetime, optional
            When it was handed in; without one, what the gradebook says of that stays.

        Returns
        -------
        Held
            What the gradebook then holds.
        """
        with self._session.begin():
            submission = self._submission(student, timestamp)
            self._write_grades(submission, entries)
            self._write_comments(submission, entries)
            self._write_penalties(submission, student, entries)
            return self._marks(submission, student)

    def marks(self, student: str) -> Held:
        """Return what the gradebook holds of a student's notebooks."""
        with self._session.begin():
            submission = self._session.scalar(
                select(SubmittedAssignment.id).where(*self._of(student))
            )
            return self._marks(submission, student) if submission else ({}, {})

    def _of(self, student: str) -> tuple[Any, Any]:
        return (
            SubmittedAssignment.assignment_id == self._id,
            SubmittedAssignment.student_id == student,
        )

    def _submission(self, student: str, timestamp: datetime | None) -> str:
        found = self._session.scalar(select(SubmittedAssignment.id).where(*self._of(student)))
        if found is not None:
            if timestamp is not None:
                changed = {"id": found, "timestamp": timestamp}
                self._session.execute(update(SubmittedAssignment), [changed])
            return str(found)
        if self._session.get(Student, student) is None:
            self._session.execute(insert(Student), [{"id": student}])
        submission = str(new_uuid())
        made = {"id": submission, "assignment_id": self._id, "student_id": student}
        self._session.execute(insert(SubmittedAssignment), [{**made, "timestamp": timestamp}])
        complete(self._session, submission, self.notebooks)
        return submission

    def _write_grades(self, submission: str, entries: Mapping[str, Entry]) -> None:
        changes = []
        for row in self._grades(submission):
            if row.notebook not in entries:
                continue
            entry = entries[row.notebook]
            score = entry.scores[row.name]
            if row.manual_score is None:
                waits = score is None
            else:
                new = row.name in entry.changed or score != row.auto_score
                waits = bool(row.needs_manual_grade or new)
            if (score, waits) != (row.auto_score, row.needs_manual_grade):
                changes.append({"id": row.id, "auto_score": score, "needs_manual_grade": waits})
        if changes:
            self._session.execute(update(Grade), changes)

    def _write_comments(self, submission: str, entries: Mapping[str, Entry]) -> None:
        changes = []
        for row in self._comments(submission):
            if row.notebook in entries:
                said = UNTOUCHED if row.name in entries[row.notebook].untouched else None
                if said != row.auto_comment:
                    changes.append({"id": row.id, "auto_comment": said})
        if changes:
            self._session.execute(update(Comment), changes)

    def _write_penalties(self, submission: str, student: str, entries: Mapping[str, Entry]) -> None:
        found = select(SubmittedAssignment.timestamp, SubmittedAssignment.extension).where(
            SubmittedAssignment.id == submission
        )
        handed_in, extension = self._session.execute(found).one()
        late = 0.0
        if handed_in is not None and self._duedate is not None:
            due = self._duedate + extension if extension is not None else self._duedate
            late = max(0.0, (handed_in - due).total_seconds())
        scores: dict[str, float] = {}
        for row in self._grades(submission) if late else ():
            scores[row.notebook] = scores.get(row.notebook, 0.0) + row.score
        changes = []
        for row in self._notebooks(submission):
            if row.notebook in entries:
                is_late = late and entries[row.notebook].was_read
                penalty = self._penalty(student, scores[row.notebook], late) if is_late else None
                if penalty != row.late_submission_penalty:
                    changes.append({"id": row.id, "late_submission_penalty": penalty})
        if changes:
            self._session.execute(update(SubmittedNotebook), changes)

    def _penalty(self, student: str, score: float, late: float) -> float | None:
        asked = self._late.plugin_inst.late_submission_penalty(student, score, late)
        return None if asked is None else min(max(asked, 0), score)

    def _marks(self, submission: str, student: str) -> Held:
        marks = {
            row.notebook: Marks(
                student,
                self.assignment,
                scores={},
                waiting=frozenset(),
                comments={},
                late_penalty=float(row.late_submission_penalty or 0),
            )
            for row in self._notebooks(submission)
        }
        waiting: dict[str, set[str]] = {name: set() for name in marks}
        outdated: dict[str, list[str]] = {name: [] for name in marks}
        for row in self._grades(submission):
            points = self.notebooks[row.notebook].points[row.name]
            marks[row.notebook].scores[row.name] = (float(row.score), points)
            if row.manual_score is not None and row.needs_manual_grade:
                outdated[row.notebook].append(row.name)
            if row.manual_score is None and row.auto_score is None:
                waiting[row.notebook].add(row.name)
        for row in self._comments(submission):
            if row.comment:
                marks[row.notebook].comments[row.name] = row.comment
        return {
            name: replace(each, waiting=frozenset(waiting[name])) for name, each in marks.items()
        }, outdated

    def _grades(self, submission: str) -> Any:
        columns = (Grade.auto_score, Grade.manual_score, Grade.score, Grade.needs_manual_grade)
        return self._session.execute(_cells_of(Grade, submission, *columns))

    def _comments(self, submission: str) -> Any:
        columns = (Comment.auto_comment, Comment.comment)
        return self._session.execute(_cells_of(Comment, submission, *columns))

    def _notebooks(self, submission: str) -> Any:
        return self._session.execute(
            select(
                SubmittedNotebook.id,
                SubmittedNotebook.late_submission_penalty,
                Notebook.name.label("notebook"),
            )
            .join(Notebook, SubmittedNotebook.notebook_id == Notebook.id)
            .where(SubmittedNotebook.assignment_id == submission)
        )


def open_engine(course: Course) -> Any:
    """Open the course's database; a reader such as formgrader may hold it for a while."""
    url = str(course.config.CourseDirectory.db_url)
    return create_engine(url, connect_args={"timeout": _LOCK_SECONDS})


def registered(session: Session, assignment_id: str) -> dict[str, Registered]:
    """Return an assignment's notebooks by name."""
    notebooks = {
        name: Registered(id)
        for id, name in session.execute(
            select(Notebook.id, Notebook.name).where(Notebook.assignment_id == assignment_id)
        )
    }
    by_id = {notebook.id: notebook for notebook in notebooks.values()}
    ids = list(by_id)
    grade_cells = select(
        GradeCell.notebook_id, GradeCell.name, GradeCell.id, GradeCell.max_score
    ).where(GradeCell.notebook_id.in_(ids))
    for notebook, name, cell, points in session.execute(grade_cells):
        by_id[notebook].grade_cells[name] = cell
        by_id[notebook].points[name] = float(points)
    solution_cells = select(SolutionCell.notebook_id, SolutionCell.name, SolutionCell.id)
    for notebook, name, cell in session.execute(
        solution_cells.where(SolutionCell.notebook_id.in_(ids))
    ):
        by_id[notebook].solution_cells[name] = cell
    source_cells = select(SourceCell.notebook_id, SourceCell.name, SourceCell.checksum)
    for notebook, name, checksum in session.execute(
        source_cells.where(SourceCell.notebook_id.in_(ids))
    ):
        by_id[notebook].checksums[name] = checksum
    return notebooks


def complete(session: Session, submission: str, notebooks: Mapping[str, Registered]) -> None:
    """Add the rows that a submission lacks for its assignment's notebooks and cells."""
    found = select(SubmittedNotebook.notebook_id, SubmittedNotebook.id).where(
        SubmittedNotebook.assignment_id == submission
    )
    there = {row.notebook_id: row.id for row in session.execute(found)}
    lacking = [n.id for n in notebooks.values() if n.id not in there]
    added = [
        {"id": new_uuid(), "notebook_id": notebook, "assignment_id": submission, "flagged": False}
        for notebook in lacking
    ]
    if added:
        session.execute(insert(SubmittedNotebook), added)
    there |= {row["notebook_id"]: row["id"] for row in added}
    for table, cells in (
        (Grade, {there[n.id]: n.grade_cells.values() for n in notebooks.values()}),
        (Comment, {there[n.id]: n.solution_cells.values() for n in notebooks.values()}),
    ):
        held = select(table.notebook_id, table.cell_id).where(table.notebook_id.in_(list(cells)))
        have = {(notebook, cell) for notebook, cell in session.execute(held)}
        rows = [
            {"id": new_uuid(), "notebook_id": notebook, "cell_id": cell}
            for notebook, each in cells.items()
            for cell in each
            if (notebook, cell) not in have
        ]
        if rows:
            session.execute(insert(table), rows)


def _cells_of(table: Any, submission: str, *columns: Any) -> Any:
    return (
        select(table.id, BaseCell.name.label("name"), Notebook.name.label("notebook"), *columns)
        .join(BaseCell, table.cell_id == BaseCell.id)
        .join(SubmittedNotebook, table.notebook_id == SubmittedNotebook.id)
        .join(Notebook, SubmittedNotebook.notebook_id == Notebook.id)
        .where(SubmittedNotebook.assignment_id == submission)
    )


_DUMP = {
    "student": "SELECT id, first_name, last_name, email FROM student",
    "assignment": "SELECT name, duedate FROM assignment",
    "notebook": "SELECT a.name, n.name, n.kernelspec FROM notebook n "
    "JOIN assignment a ON n.assignment_id = a.id",
    "grade cell": "SELECT n.name, b.name, c.max_score, c.cell_type FROM grade_cells c "
    "JOIN base_cell b ON c.id = b.id JOIN notebook n ON b.notebook_id = n.id",
    "solution cell": "SELECT n.name, b.name FROM solution_cells c "
    "JOIN base_cell b ON c.id = b.id JOIN notebook n ON b.notebook_id = n.id",
    "source cell": "SELECT n.name, c.name, c.cell_type, c.locked, c.source, c.checksum "
    "FROM source_cell c JOIN notebook n ON c.notebook_id = n.id",
    "submission": "SELECT a.name, s.student_id, s.timestamp, s.extension "
    "FROM submitted_assignment s JOIN assignment a ON s.assignment_id = a.id",
    "submitted notebook": "SELECT s.student_id, n.name, m.flagged, m.late_submission_penalty "
    "FROM submitted_notebook m JOIN notebook n ON m.notebook_id = n.id "
    "JOIN submitted_assignment s ON m.assignment_id = s.id",
    "grade": "SELECT s.student_id, n.name, b.name, g.auto_score, g.manual_score, g.extra_credit, "
    "g.needs_manual_grade FROM grade g JOIN base_cell b ON g.cell_id = b.id "
    "JOIN submitted_notebook m ON g.notebook_id = m.id JOIN notebook n ON m.notebook_id = n.id "
    "JOIN submitted_assignment s ON m.assignment_id = s.id",
    "comment": "SELECT s.student_id, n.name, b.name, g.auto_comment, g.manual_comment "
    "FROM comment g JOIN base_cell b ON g.cell_id = b.id "
    "JOIN submitted_notebook m ON g.notebook_id = m.id JOIN notebook n ON m.notebook_id = n.id "
    "JOIN submitted_assignment s ON m.assignment_id = s.id",
    "rows": " UNION ALL ".join(
        f"SELECT '{table}', count(*) FROM {table}"
        for table in ("base_cell", "source_cell", "submitted_notebook", "grade", "comment")
    ),
}


def dump(course: Course) -> list[tuple[Any, ...]]:
    """Return all that the gradebook says, without its ids, in an order of its own.

    Two gradebooks say the same if their dumps are equal.
    """
    engine = open_engine(course)
    try:
        with engine.connect() as connection:
            return list(_rows(connection))
    finally:
        engine.dispose()


def _rows(connection: Any) -> Iterator[tuple[Any, ...]]:
    for what, query in _DUMP.items():
        found = [tuple(row) for row in connection.execute(text(query))]
        yield from ((what, *row) for row in sorted(found, key=repr))
