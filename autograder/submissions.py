"""Reads what was handed in: bytes of bounded regular files, through no link."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from autograder.course import Course, CourseError

STUDENT_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_NO_ID = "The folder's name is no student id: use 1 to 64 letters, digits, '.', '_', '-'."
_TIMESTAMP_BYTES = 200


class UnreadableError(Exception):
    """A file of a submission cannot be taken; the message is a sentence."""


class MissingError(UnreadableError):
    """The file is not there."""


@dataclass(frozen=True)
class Submission:
    """What one student handed in: the bytes of each notebook, or why there are none."""

    student: str
    notebooks: Mapping[str, bytes | UnreadableError]
    timestamp: datetime | None = None
    remark: str = ""
    has_id: bool = True

    @property
    def is_empty(self) -> bool:
        """Whether no notebook is there, readable or not."""
        return all(isinstance(each, MissingError) for each in self.notebooks.values())


def find_submissions(course: Course, assignment: str) -> list[Path]:
    """Return the folders ``classroom/submitted/<student>/<assignment>/``, in the ids' order.

    Raises
    ------
    CourseError
        If there are none.
    """
    found = sorted(
        path
        for path in (course.classroom / "submitted").glob(f"*/{assignment}")
        if (path.is_dir() or path.is_symlink()) and not path.parent.name.startswith(".")
    )
    if not found:
        raise CourseError(
            f"nothing was submitted for {assignment}: put each student's notebook at "
            f"classroom/submitted/<student>/{assignment}/{assignment}.ipynb"
        )
    return found


def read_submission(folder: Path, notebooks: Sequence[str], limit: int) -> Submission:
    """Read a student's notebooks, each of at most ``limit`` bytes, and when they were handed in."""
    student = folder.parent.name
    if not STUDENT_ID.fullmatch(student) or set(student) == {"."}:
        refused = UnreadableError(_NO_ID)
        return Submission(student, dict.fromkeys(notebooks, refused), has_id=False)
    if folder.is_symlink() or folder.parent.is_symlink():
        linked = UnreadableError("The submission's folder is a link, which is not followed.")
        return Submission(student, dict.fromkeys(notebooks, linked))
    timestamp, remark = _timestamp(folder / "timestamp.txt")
    found = {name: _bytes_or_error(folder / f"{name}.ipynb", limit) for name in notebooks}
    return Submission(student, found, timestamp, remark)


def _bytes_or_error(path: Path, limit: int) -> bytes | UnreadableError:
    try:
        return _read(path, limit)
    except UnreadableError as error:
        return error


def _read(path: Path, limit: int) -> bytes:
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            raise UnreadableError(f"{path.name} is not a regular file.")
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except (FileNotFoundError, NotADirectoryError):
        raise MissingError(f"{path.name} was not handed in.") from None
    except OSError as error:
        raise UnreadableError(f"{path.name} cannot be read: {error.strerror}.") from None
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise UnreadableError(f"{path.name} is not a regular file.")
        content = file.read(limit + 1)
    if len(content) > limit:
        raise UnreadableError(f"{path.name} is larger than {limit / 2**20:g} MiB.")
    return content


def _timestamp(path: Path) -> tuple[datetime | None, str]:
    from nbgrader.utils import parse_utc

    try:
        written = _read(path, _TIMESTAMP_BYTES).decode("ascii").strip()
    except MissingError:
        return None, ""
    except UnreadableError as error:
        return None, str(error)
    except UnicodeDecodeError:
        written = "it is not ASCII"
    try:
        return (parse_utc(written) if written else None), ""
    except (ValueError, OverflowError):
        return None, "timestamp.txt holds no time such as 2026-02-28 23:59:00 UTC."
