"""What a submission may use, with the defaults; a course changes them in nbgrader_config.py."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from autograder.course import CourseError

_MIB = 2**20


@dataclass(frozen=True)
class Limits:
    """Limits of one notebook; ``c.Limits.<name> = …`` in ``nbgrader_config.py`` changes one.

    Seconds are of computing (CPU); the clock on the wall may show `wall_factor` times as many.
    """

    cell_seconds: float = 20.0
    """Seconds that one cell of the student may compute."""
    call_seconds: float = 10.0
    """Seconds that one call of a student's function may compute."""
    notebook_seconds: float = 60.0
    """Seconds that all of a notebook may compute, replays included."""
    wall_factor: float = 5.0
    """How many times longer than its seconds a cell or a call may take on the wall."""
    replays: int = 3
    """How often a notebook is run again after a cell or a call that ended its worker."""
    memory: int = 1024 * _MIB
    """Bytes that the student's code may take beyond what its libraries take."""
    threads: int = 32
    """Threads of the worker; it may start no other process."""
    files: int = 64 * _MIB
    """Bytes of all files that the student's code writes; they vanish with the worker."""
    output: int = 64 * 1024
    """Bytes that are kept of what one cell prints."""
    reply: int = 64 * _MIB
    """Bytes of one answer."""
    notebook: int = 20 * _MIB
    """Bytes of the file handed in."""

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Limits:
        """Read the section ``Limits`` of nbgrader's configuration.

        Raises
        ------
        CourseError
            If a name is unknown or a value is not a positive number.
        """
        return cls.from_json(dict(config.get("Limits", {})))

    @classmethod
    def from_json(cls, settings: Mapping[str, Any]) -> Limits:
        """Make limits of a mapping; see `from_config`."""
        known = {field.name: type(getattr(cls, field.name)) for field in fields(cls)}
        for name, value in settings.items():
            if name not in known:
                raise CourseError(f"c.Limits.{name} is not a limit; there are: {', '.join(known)}")
            if type(value) not in (int, float) or not 0 < value < math.inf:
                raise CourseError(f"c.Limits.{name} must be a positive number, got {value!r}")
            if known[name] is int and value != int(value):
                raise CourseError(f"c.Limits.{name} must be a whole number, got {value!r}")
        return cls(**{name: known[name](value) for name, value in settings.items()})

    def as_json(self) -> dict[str, Any]:
        """Return all limits by name."""
        return asdict(self)
