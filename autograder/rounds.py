"""Marking rounds: one seed an assignment and round, drawn once and kept."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from autograder.course import Course, CourseError
from autograder.journal import write_whole

_SEED_BITS = 32


@dataclass(frozen=True)
class Round:
    """A marking round: everybody is asked with inputs drawn from its seed."""

    number: int
    seed: int
    date: str


def marking_round(
    course: Course, assignment: str, *, seed: int | None = None, another: bool = False
) -> Round:
    """Return an assignment's round, beginning one where that is asked for or there is none.

    Parameters
    ----------
    course : Course
    assignment : str
    seed : int, optional
        Begin a round with this seed, unless the present one has it.
    another : bool
        Begin a round with a seed drawn anew.

    Raises
    ------
    CourseError
        If both are asked for, the seed is no number of 32 bits, or ``rounds.json`` is damaged.
    """
    if seed is not None and another:
        raise CourseError("--seed and --new-round both begin a round: give one of them")
    if seed is not None and not 0 <= seed < 2**_SEED_BITS:
        raise CourseError(f"--seed takes a whole number from 0 to 2**{_SEED_BITS} - 1, got {seed}")
    rounds = _read(course)
    earlier = rounds.setdefault(assignment, [])
    if earlier and not another and seed in (None, earlier[-1].seed):
        return earlier[-1]
    drawn = secrets.randbits(_SEED_BITS) if seed is None else seed
    begun = Round(len(earlier) + 1, drawn, datetime.now(UTC).isoformat(timespec="seconds"))
    earlier.append(begun)
    entries = {name: [asdict(each) for each in made] for name, made in sorted(rounds.items())}
    path = course.classroom / "rounds.json"
    write_whole(path, (json.dumps(entries, indent=1) + "\n").encode())
    return begun


def _read(course: Course) -> dict[str, list[Round]]:
    path = course.classroom / "rounds.json"
    if not path.exists():
        return {}
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
        rounds = {name: [Round(**each) for each in made] for name, made in entries.items()}
        if any(type(each.seed) is not int for made in rounds.values() for each in made):
            raise TypeError("a seed is no whole number")
    except (ValueError, TypeError, AttributeError) as error:
        raise CourseError(
            f"classroom/rounds.json is damaged ({error}): restore it from a copy, "
            "or remove it to begin the rounds anew"
        ) from None
    return rounds
