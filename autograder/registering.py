"""Enters an assignment's masters into the gradebook, also where submissions are there already."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
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
    SubmittedAssignment,
    SubmittedNotebook,
    new_uuid,
)
from sqlalchemy import delete, make_url, select
from sqlalchemy.orm import Session

from autograder.assignment import Kind, Master
from autograder.course import Course
from autograder.gradebook import complete, open_engine, registered
from autograder.journal import library_hash, write_whole
from autograder.release import generate


def register(course: Course, assignment: str, masters: Sequence[Master]) -> None:
    """Have nbgrader enter an assignment into the gradebook, unless it is there as it stands.

    nbgrader refuses to add or remove questions once somebody has handed in. So what has no master
    any more is removed before, with its marks, and afterwards each submission gets the rows that it
    lacks. Killed at any moment and begun again, it comes to the same.
    """
    wanted = _hash(masters)
    remembered = _remembered(course)
    database = _database(course)
    if database is not None and not database.exists():
        _create(course, assignment, database)
    elif remembered.get(assignment) != wanted or not _is_registered(course, assignment, masters):
        _make_way(course, assignment, masters)
        _generate(course, assignment)
        _complete_all(course, assignment)
    else:
        return
    entries = json.dumps({**remembered, assignment: wanted}, indent=1, sort_keys=True)
    write_whole(course.classroom / "registered.json", f"{entries}\n".encode())


def _hash(masters: Sequence[Master]) -> str:
    digest = hashlib.sha256(library_hash().encode())
    for master in masters:
        digest.update(master.path.name.encode())
        digest.update(hashlib.sha256(master.path.read_bytes()).digest())
    return digest.hexdigest()


def _remembered(course: Course) -> dict[str, Any]:
    try:
        found = json.loads((course.classroom / "registered.json").read_bytes())
    except (OSError, ValueError):  # it only saves time
        return {}
    return found if isinstance(found, dict) else {}


def _database(course: Course) -> Path | None:
    url = make_url(str(course.config.CourseDirectory.db_url))
    return Path(str(url.database)) if url.drivername == "sqlite" else None


def _create(course: Course, assignment: str, database: Path) -> None:
    """Let a new gradebook appear when it is whole: nbgrader would not mend half a one."""
    unfinished = database.with_name(f".{database.name}.part")
    unfinished.unlink(missing_ok=True)
    apart = Course(course.root)
    apart.config.CourseDirectory.db_url = f"sqlite:///{unfinished}"
    _generate(apart, assignment)
    unfinished.replace(database)


def _generate(course: Course, assignment: str) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        generate(course, assignment, Path(scratch), register=True)


def _is_registered(course: Course, assignment: str, masters: Sequence[Master]) -> bool:
    engine = open_engine(course)
    with Session(engine) as session:
        id = session.scalar(select(Assignment.id).where(Assignment.name == assignment))
        notebooks = registered(session, id) if id else {}
    engine.dispose()
    return {name: notebook.points for name, notebook in notebooks.items()} == {
        master.path.stem: {name: each.points for name, each in master.questions.items()}
        for master in masters
    }


def _make_way(course: Course, assignment: str, masters: Sequence[Master]) -> None:
    """Give an assignment with submissions its masters' notebooks and names of cells."""
    engine = open_engine(course)
    with Session(engine) as session, session.begin():
        id = session.scalar(select(Assignment.id).where(Assignment.name == assignment))
        handed_in = select(SubmittedAssignment.id).where(SubmittedAssignment.assignment_id == id)
        if id is not None and session.scalar(handed_in.limit(1)) is not None:
            names = {name: notebook.id for name, notebook in registered(session, id).items()}
            for name in names.keys() - {master.path.stem for master in masters}:
                _remove_notebook(session, names[name])
            for master in masters:
                notebook = names.get(master.path.stem) or _add(
                    session, Notebook, name=master.path.stem, assignment_id=id
                )
                _fit_cells(session, notebook, master)
    engine.dispose()


def _remove_notebook(session: Session, notebook: str) -> None:
    _remove(session, SourceCell, SourceCell.notebook_id == notebook)
    _remove_cells(session, GradeCell, notebook, set())
    _remove_cells(session, SolutionCell, notebook, set())
    _remove(session, SubmittedNotebook, SubmittedNotebook.notebook_id == notebook)
    _remove(session, Notebook, Notebook.id == notebook)


def _fit_cells(session: Session, notebook: str, master: Master) -> None:
    """Remove the cells that the master has no more and add its new ones; nbgrader fills them."""
    cells = [cell for cell in master.cells if cell.kind is not Kind.TEXT]
    graded = {cell.grade_id for cell in cells if cell.kind in (Kind.TEST, Kind.MANUAL)}
    answers = {cell.grade_id for cell in cells if cell.kind in (Kind.SOLUTION, Kind.MANUAL)}
    sources = {cell.grade_id for cell in cells}
    _remove_cells(session, GradeCell, notebook, graded)
    _remove_cells(session, SolutionCell, notebook, answers)
    gone = _names(session, SourceCell, notebook) - sources
    _remove(session, SourceCell, SourceCell.notebook_id == notebook, SourceCell.name.in_(gone))
    for name in graded - _names(session, GradeCell, notebook):
        _add(session, GradeCell, name=name, notebook_id=notebook, max_score=0, cell_type="code")
    for name in answers - _names(session, SolutionCell, notebook):
        _add(session, SolutionCell, name=name, notebook_id=notebook)
    for name in sources - _names(session, SourceCell, notebook):
        _add(session, SourceCell, name=name, notebook_id=notebook, cell_type="code")


def _names(session: Session, table: Any, notebook: str) -> set[str]:
    return set(session.scalars(select(table.name).where(table.notebook_id == notebook)))


def _add(session: Session, table: Any, **values: Any) -> str:
    made = table(id=new_uuid(), **values)
    session.add(made)
    session.flush()
    return str(made.id)


def _remove_cells(session: Session, table: Any, notebook: str, kept: set[str]) -> None:
    cells = session.execute(select(table.id, table.name).where(table.notebook_id == notebook))
    gone = [id for id, name in cells if name not in kept]
    marks = Grade if table is GradeCell else Comment
    _remove(session, marks, marks.cell_id.in_(gone))
    session.execute(delete(table.__table__).where(table.__table__.c.id.in_(gone)))
    _remove(session, BaseCell, BaseCell.id.in_(gone))


def _remove(session: Session, table: Any, *conditions: Any) -> None:
    session.execute(delete(table.__table__).where(*conditions))


def _complete_all(course: Course, assignment: str) -> None:
    engine = open_engine(course)
    with Session(engine) as session, session.begin():
        id = session.scalar(select(Assignment.id).where(Assignment.name == assignment))
        notebooks = registered(session, str(id))
        handed_in = select(SubmittedAssignment.id).where(SubmittedAssignment.assignment_id == id)
        for submission in session.scalars(handed_in).all():
            complete(session, submission, notebooks)
    engine.dispose()
