"""A course folder: where its assignments lie, and what nbgrader is told about it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

CONFIG_NAME = "nbgrader_config.py"
_ASSIGNMENT_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class CourseError(Exception):
    """The course cannot be released or graded as it stands; the message says what to do."""


@dataclass(frozen=True)
class Course:
    """A folder with ``nbgrader_config.py``, ``solutions/`` and ``classroom/submitted/``."""

    root: Path

    @classmethod
    def at(cls, root: str | Path) -> Course:
        """Open the course at a folder.

        Raises
        ------
        CourseError
            If there is no ``nbgrader_config.py``.
        """
        course = cls(Path(root).resolve())
        if not (course.root / CONFIG_NAME).is_file():
            raise CourseError(
                f"{course.root} holds no {CONFIG_NAME}: run this in the course's folder, "
                "or name that folder with --course"
            )
        return course

    @property
    def solutions(self) -> Path:
        """Where the master notebooks are written."""
        return self.root / "solutions"

    @property
    def exercises(self) -> Path:
        """Where the learners' notebooks are made."""
        return self.root / "exercises"

    @property
    def classroom(self) -> Path:
        """Where submissions, grades and feedback lie."""
        return self.root / "classroom"

    @property
    def assignments(self) -> list[str]:
        """The names of all assignments."""
        return sorted(
            path.parent.name
            for path in self.solutions.glob("*/*.ipynb")
            if path.stem == path.parent.name
        )

    def masters(self, assignment: str) -> list[Path]:
        """Return the master notebooks of an assignment: ``<name>.ipynb``, then any other.

        Raises
        ------
        CourseError
            If there is no such assignment.
        """
        if not _ASSIGNMENT_ID.fullmatch(assignment) or assignment not in self.assignments:
            known = ", ".join(self.assignments) or "none yet"
            raise CourseError(f"no assignment is called {assignment!r}; there are: {known}")
        found = (self.solutions / assignment).glob("*.ipynb")
        return sorted(found, key=lambda path: (path.stem != assignment, path.stem))

    @cached_property
    def config(self) -> Any:
        """nbgrader's configuration, as ``nbgrader_config.py`` gives it."""
        from traitlets.config.loader import PyFileConfigLoader

        config = PyFileConfigLoader(CONFIG_NAME, path=str(self.root)).load_config()
        config.CourseDirectory.root = str(self.root)
        return config
