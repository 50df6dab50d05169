"""Makes the learners' notebooks and hints from the masters, byte for byte the same each time."""

from __future__ import annotations

import contextlib
import filecmp
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from nbgrader.converters import GenerateAssignment
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade, is_solution
from traitlets.config import Config

from autograder.assignment import read_master
from autograder.course import Course, CourseError
from autograder.hints import write_hints
from autograder.regions import EMPTY_TEST
from autograder.steps import StepFailed, run_step


class CommentEmptyTests(NbGraderPreprocessor):  # type: ignore[misc]
    """Leaves a comment in a test cell that would otherwise be released empty."""

    def preprocess_cell(self, cell: Any, resources: Any, index: int) -> tuple[Any, Any]:
        """Comment one cell; called by nbgrader."""
        cell.source = cell.source.strip("\n")
        if is_grade(cell) and not is_solution(cell) and not cell.source.strip():
            cell.source = EMPTY_TEST
        return cell, resources


class NormaliseNotebook(NbGraderPreprocessor):  # type: ignore[misc]
    """Leaves nothing in a notebook that depends on the machine that made it."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Normalise a notebook; called by nbgrader."""
        nb.metadata = {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        }
        nb.nbformat, nb.nbformat_minor = 4, 5
        return nb, resources


def generate(course: Course, assignment: str, destination: Path, *, register: bool) -> None:
    """Have nbgrader write one assignment's notebooks to ``destination/<assignment>/``.

    With ``register``, nbgrader also enters the assignment into the course's gradebook.

    Raises
    ------
    CourseError
        If a master breaks a rule, or nbgrader refuses it.
    """
    for path in course.masters(assignment):
        read_master(path)
    config = Config(course.config)
    config.CourseDirectory.release_directory = str(destination)
    config.CourseDirectory.assignment_id = assignment
    config.GenerateAssignment.no_database = not register
    config.SaveCells.enabled = register
    try:
        run_step(GenerateAssignment, config)
    except StepFailed as error:
        raise CourseError(f"nbgrader cannot release {assignment}: {error}") from error


def release(course: Course, assignments: Iterable[str] = ()) -> list[str]:
    """Make ``exercises/`` from ``solutions/``, wholly or not at all.

    Parameters
    ----------
    course : Course
    assignments : iterable of str
        The ones to make anew; without any, all, and folders without a master go.

    Returns
    -------
    list of str
        The assignments that were made.
    """
    chosen = list(assignments) or course.assignments
    with made(course, chosen, course.root) as fresh:
        if set(chosen) != set(course.assignments) and course.exercises.exists():
            for other in course.exercises.iterdir():
                if other.name not in chosen:
                    shutil.copytree(other, fresh / other.name)
        _swap(fresh, course.exercises)
    return chosen


def stale(course: Course) -> list[str]:
    """Say in sentences where ``exercises/`` differs from what `release` would make."""
    with made(course, course.assignments) as fresh:
        expected, found = _files(fresh), _files(course.exercises)
        sentences = [f"exercises/{name} is missing" for name in sorted(expected - found)]
        sentences += [f"exercises/{name} has no master" for name in sorted(found - expected)]
        both = sorted(expected & found)
        _, differ, _ = filecmp.cmpfiles(fresh, course.exercises, both, shallow=False)
        sentences += [f"exercises/{name} differs from its master" for name in differ]
    return [f"{sentence}; run `make release`" for sentence in sentences]


@contextlib.contextmanager
def made(course: Course, assignments: list[str], where: Path | None = None) -> Iterator[Path]:
    """Make assignments in a folder, inside ``where``, that goes away afterwards."""
    with tempfile.TemporaryDirectory(dir=where, prefix=".release-") as scratch:
        fresh = Path(scratch) / "exercises"
        fresh.mkdir()
        for assignment in assignments:
            generate(course, assignment, fresh, register=False)
            write_hints(course, assignment, fresh / assignment)
        yield fresh


def _swap(fresh: Path, target: Path) -> None:
    """Put one folder in the place of another, which stays as it was if that fails."""
    old = fresh.with_name("old")
    if target.exists():
        target.rename(old)
    try:
        fresh.rename(target)
    except OSError:
        if old.exists():
            old.rename(target)
        raise


def _files(folder: Path) -> set[str]:
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and ".ipynb_checkpoints" not in path.parts
    }
