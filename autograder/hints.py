"""Makes ``hints.json``, by which a learner's own notebook names a known mistake at once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from autograder.assignment import Kind, Master, read_master
from autograder.course import Course, CourseError
from autograder.inprocess import Replay, replay
from autograder.regions import HIDDEN_TESTS, split_region
from rnncore.checking import Check, WrongAnswer, load_wrong_answers, matches, recording
from rnncore.checking.hints import HINTS_NAME, Leaf, fingerprint, fits, tolerance
from rnncore.checking.seeds import NOTEBOOK_SEED

_EXACT = 1e-5  # a visible check that is this near to the right answer gives it away itself

Entry = dict[str, Any]


def write_hints(course: Course, assignment: str, folder: Path) -> None:
    """Write an assignment's ``hints.json`` into a folder.

    Without a ``wrong_answers.py`` nothing is written. An entry holds the label of the first
    visible check that a wrong answer fails, its hint, and its fingerprint; a wrong answer has none
    if it passes all visible checks, raises, or looks like another one with another hint. Where a
    visible check asks for a rough value alone, the fingerprint leaves out what is right, so that
    nobody can try values until one fits.

    Raises
    ------
    CourseError
        If a master or its ``wrong_answers.py`` does not run.
    """
    path = course.solutions / assignment / "wrong_answers.py"
    if not path.exists():
        return
    masters = [read_master(master) for master in course.masters(assignment)]
    try:
        wrong = load_wrong_answers(path)
        notebooks = {master.path.stem: list(_cases(master, wrong)) for master in masters}
    except Exception as error:
        raise CourseError(f"{path} gives no hints: {type(error).__name__}: {error}") from error
    every = [case for cases in notebooks.values() for case in cases]
    clear = {
        stem: [case.entry for case in cases if not _is_ambiguous(case, every)]
        for stem, cases in notebooks.items()
    }
    (folder / HINTS_NAME).write_text(_as_text(clear), encoding="utf-8")


@dataclass(frozen=True)
class _Case:
    """A wrong answer's whole fingerprint, and its entry."""

    leaves: list[Leaf]
    entry: Entry


def _cases(master: Master, wrong: list[WrongAnswer]) -> Iterator[_Case]:
    played = replay(_visible(master), NOTEBOOK_SEED)
    for answer in wrong:
        if answer.question not in master.questions:
            continue
        name = answer.name or next(iter(master.questions[answer.question].names))
        right = _checks(played, answer.question, {})
        for index, check in enumerate(_checks(played, answer.question, {name: answer.answer})):
            leaves = fingerprint(check.got)
            if check.failure is None or leaves is None:
                continue
            entry = {
                "check": check.question,
                "hint": answer.hint,
                "leaves": _told(leaves, right[index]),
                "rtol": tolerance(leaves),
            }
            if entry["leaves"]:
                yield _Case(leaves, entry)


def _checks(played: Replay, question: str, answers: dict[str, Any]) -> list[Check]:
    """Return the checks of a test up to the first that fails."""
    with recording() as record:
        played.fails(question, answers)
    return record.checks


def _told(leaves: list[Leaf], right: Check) -> list[Leaf]:
    """Leave out of a wrong answer what is right, unless the visible check says it exactly."""
    if matches(right.got, right.want, rtol=_EXACT, atol=_EXACT):
        return leaves
    known = fingerprint(right.got) or []
    return [leaf for leaf in leaves if leaf not in known]


def _visible(master: Master) -> Master:
    """Leave out the hidden tests."""
    cells = tuple(
        replace(cell, source=split_region(cell.source, HIDDEN_TESTS)[0])
        if cell.kind is Kind.TEST
        else cell
        for cell in master.cells
    )
    return replace(master, cells=cells)


def _is_ambiguous(case: _Case, every: list[_Case]) -> bool:
    """Tell whether another hint fits this answer, or this hint another answer."""
    return any(
        other.entry["check"] == case.entry["check"]
        and other.entry["hint"] != case.entry["hint"]
        and (fits(case.leaves, other.entry) or fits(other.leaves, case.entry))
        for other in every
    )


def _as_text(notebooks: dict[str, list[Entry]]) -> str:
    """Write one entry a line, in an order of its own, so that a change shows where it is."""
    blocks = []
    for stem, entries in sorted(notebooks.items()):
        lines = sorted({json.dumps(e, ensure_ascii=False, sort_keys=True) for e in entries})
        blocks.append(f"{json.dumps(stem)}: [\n" + ",\n".join(lines) + "\n]")
    return "{\n" + ",\n".join(blocks) + "\n}\n"
