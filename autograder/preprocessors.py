"""Lets ``nbgrader autograde`` itself grade this way: rebuilt, in the sandbox, tested outside."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.assignment import Master, read_master
from autograder.course import Course, CourseError
from autograder.grader import grade_task
from autograder.journal import make_task, read_answer
from autograder.limits import Limits
from autograder.rebuild import rebuild
from autograder.rounds import marking_round
from autograder.submissions import UnreadableError, read_submission


class Rebuild(NbGraderPreprocessor):  # type: ignore[misc]
    """Puts a student's own text into a copy of the master; one of ``sanitize_preprocessors``."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Rebuild a notebook from its file; called by nbgrader, whose own reading is dropped."""
        place = _Place(self.config, resources["nbgrader"])
        rebuilt = rebuild(place.master, place.handed_in())
        return nbformat.from_dict(rebuilt.notebook), resources  # type: ignore[no-untyped-call]


class GradeInSandbox(NbGraderPreprocessor):  # type: ignore[misc]
    """Grades a notebook outside of this process; one of ``autograde_preprocessors``."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Put the graded notebook in the place of the rebuilt one; called by nbgrader."""
        place = _Place(self.config, resources["nbgrader"])
        answer = place.grade()
        for reason in answer.result.reasons:
            self.log.warning("%s needs a look: %s", place.student, reason)
        if answer.notebook is None:
            raise CourseError(" ".join(answer.result.reasons))
        return nbformat.from_dict(answer.notebook), resources  # type: ignore[no-untyped-call]


class _Place:
    """Whose notebook nbgrader is at."""

    def __init__(self, config: Any, names: dict[str, str]) -> None:
        self.course = _course(config.CourseDirectory.root)
        self.student, self.assignment = names["student"], names["assignment"]
        path = self.course.solutions / self.assignment / f"{names['notebook']}.ipynb"
        self.master = _master(path, path.stat().st_mtime_ns)
        self.limits = Limits.from_config(self.course.config)

    def handed_in(self) -> bytes:
        """Return the bytes of the file that was handed in."""
        folder = self.course.classroom / "submitted" / self.student / self.assignment
        name = self.master.path.stem
        found = read_submission(folder, [name], self.limits.notebook).notebooks[name]
        if isinstance(found, UnreadableError):
            raise CourseError(str(found))
        return found

    def grade(self) -> Any:
        """Grade the file."""
        task = make_task(
            self.student,
            self.assignment,
            self.master,
            self.handed_in(),
            seed=marking_round(self.course, self.assignment).seed,
            limits=self.limits.as_json(),
        )
        return read_answer(grade_task(task.content), task)


@cache
def _course(root: str) -> Course:
    return Course.at(root)


@cache
def _master(path: Path, changed: int) -> Master:
    return read_master(path)
