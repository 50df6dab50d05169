"""Rebuilds a notebook from its master: of what was handed in only a student's own text is taken."""

from __future__ import annotations

import copy
import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from autograder.assignment import Kind, Master
from autograder.regions import EMPTY_TEST, HIDDEN_TESTS, answer_stub, split_region

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
MAX_ADDED = 200
MAX_SOURCE = 2 * 2**20  # letters of one cell


class Unreadable(Exception):
    """The file handed in is no notebook; the message says why, for an instructor."""


@dataclass
class Rebuilt:
    """The master's notebook with a student's answers.

    Attributes
    ----------
    notebook : dict
        nbformat 4.5; cells that the student added carry the tag ``added``.
    reasons : list of str
        Why an instructor should look at it.
    log : list of str
        What was dropped.
    """

    notebook: dict[str, Any]
    reasons: list[str] = field(default_factory=list)
    log: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Submitted:
    """A cell that was handed in, checked."""

    kind: str
    source: str
    grade_id: str | None
    id: str | None


def rebuild(master: Master, handed_in: bytes) -> Rebuilt:
    """Put a student's answers and added cells into a copy of the master.

    Parameters
    ----------
    master : Master
    handed_in : bytes
        The file as it was handed in.

    Raises
    ------
    Unreadable
        If the bytes are no notebook.
    """
    submitted = _cells(_parse(handed_in))
    raw_cells = master.notebook["cells"]
    named = {cell.grade_id for cell in submitted if cell.grade_id is not None}
    places = _Places(master, raw_cells, named)
    answers: dict[str, _Submitted] = {}
    added: dict[int, list[_Submitted]] = {}
    rebuilt = Rebuilt(_frame())
    anchor = -1
    for cell in submitted:
        place = places.find(cell)
        if place is None:
            added.setdefault(anchor, []).append(cell)
            continue
        anchor = place
        key = places.answer_key(place)
        if key is None:
            if places.is_edited(place, cell):
                rebuilt.log.append(f"An edit of the locked cell {places.name(place)} was undone.")
        elif key not in answers:
            answers[key] = cell
        elif answers[key].source != cell.source:
            rebuilt.reasons.append(
                f"There are two cells for {key} and they differ; the first one was graded."
            )
    rebuilt.notebook["cells"] = list(_merge(master, places, answers, added, rebuilt))
    rebuilt.reasons = list(dict.fromkeys(rebuilt.reasons))
    rebuilt.log = list(dict.fromkeys(rebuilt.log))
    return rebuilt


class _Places:
    """Finds which cell of the master a cell that was handed in stands for."""

    def __init__(self, master: Master, raw_cells: list[dict[str, Any]], named: set[str]) -> None:
        self.cells = master.cells
        self.by_grade_id = {c.grade_id: i for i, c in enumerate(self.cells) if c.grade_id}
        # A cell's id counts only where no cell has the grade_id: any cell can take any id.
        self.by_id = {
            raw["id"]: i for i, raw in enumerate(raw_cells) if self.cells[i].grade_id not in named
        }
        self.by_source = {
            _plain(c.source): i for i, c in enumerate(self.cells) if c.kind in _COPIES
        }

    def find(self, cell: _Submitted) -> int | None:
        place = None
        if cell.grade_id is not None:
            place = self.by_grade_id.get(cell.grade_id)
        elif cell.id is not None:
            place = self.by_id.get(cell.id)
        if place is None:
            place = self.by_source.get(_plain(cell.source))
        return place

    def answer_key(self, place: int) -> str | None:
        cell = self.cells[place]
        return cell.grade_id if cell.kind in (Kind.SOLUTION, Kind.MANUAL) else None

    def is_edited(self, place: int, cell: _Submitted) -> bool:
        if self.cells[place].kind is not Kind.TEST:
            return False
        source = self.cells[place].source
        visible = _plain(split_region(source, HIDDEN_TESTS)[0]) or EMPTY_TEST
        return _plain(cell.source) not in (visible, _plain(source))

    def name(self, place: int) -> str:
        return self.cells[place].grade_id or "of text"


_COPIES = (Kind.TEXT, Kind.SETUP, Kind.GIVEN, Kind.SHOW)


def _plain(source: str) -> str:
    return source.strip()


def _merge(
    master: Master,
    places: _Places,
    answers: dict[str, _Submitted],
    added: dict[int, list[_Submitted]],
    rebuilt: Rebuilt,
) -> Iterable[dict[str, Any]]:
    if sum(map(len, added.values())) > MAX_ADDED:
        rebuilt.reasons.append(f"More than {MAX_ADDED} cells were added; the rest is left out.")
    first = added.get(-1, [])[:MAX_ADDED]
    budget = MAX_ADDED - len(first)
    yield from _added(first, -1)
    for place, cell in enumerate(master.cells):
        raw = dict(master.notebook["cells"][place])
        raw |= {"metadata": copy.deepcopy(raw["metadata"]), "source": cell.source}
        key = places.answer_key(place)
        if key is not None:
            untouched = answer_stub(cell.source, code=raw["cell_type"] == "code")
            if key in answers:
                raw["source"] = answers[key].source
            else:
                raw["source"] = untouched
                rebuilt.reasons.append(f"The cell for {key} is missing.")
            raw["metadata"]["nbgrader"]["checksum"] = _checksum(raw, untouched)
        yield raw
        more = added.get(place, [])[:budget]
        budget -= len(more)
        yield from _added(more, place)


def _added(cells: list[_Submitted], place: int) -> Iterable[dict[str, Any]]:
    for index, cell in enumerate(cells):
        made: dict[str, Any] = {
            "cell_type": cell.kind,
            "id": f"added-{place + 1}-{index}",
            "metadata": {"tags": ["added"]},
            "source": cell.source,
        }
        if cell.kind == "code":
            made |= {"execution_count": None, "outputs": []}
        yield made


def _checksum(raw: dict[str, Any], untouched: str) -> str:
    """Compute nbgrader's checksum of an untouched answer: it says "No response." by it."""
    facts = raw["metadata"]["nbgrader"]
    parts = [untouched, raw["cell_type"], facts["grade"], facts["solution"], facts["locked"]]
    parts.append(facts["grade_id"])
    if facts["grade"]:
        parts.append(float(facts["points"]))
    return hashlib.md5("".join(map(str, parts)).encode(), usedforsecurity=False).hexdigest()


def _frame() -> dict[str, Any]:
    return {
        "cells": [],
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _parse(handed_in: bytes) -> dict[str, Any]:
    try:
        found = json.loads(handed_in.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Unreadable("it is no text in UTF-8") from None
    except RecursionError:
        raise Unreadable("it is nested too deeply") from None
    except ValueError as error:
        raise Unreadable(f"it is no JSON ({str(error)[:80]})") from None
    if type(found) is not dict:
        raise Unreadable("it is JSON, and no notebook")
    version = found.get("nbformat")
    if type(version) is not int:
        raise Unreadable("it says no version of the notebook format")
    if version < 4:
        return _upgraded(found)
    if version > 4:
        raise Unreadable(f"it is in version {version} of the notebook format; save it in version 4")
    return found


def _upgraded(old: dict[str, Any]) -> dict[str, Any]:
    import nbformat

    try:
        return dict(nbformat.convert(nbformat.from_dict(old), 4))  # type: ignore[no-untyped-call]
    except Exception as error:
        reason = f"it is in an old notebook format and cannot be converted ({type(error).__name__})"
        raise Unreadable(reason) from None


def _cells(notebook: dict[str, Any]) -> list[_Submitted]:
    cells = notebook.get("cells")
    if type(cells) is not list or not cells:
        raise Unreadable("it has no cells")
    return [read for cell in cells if (read := _cell(cell)) is not None]


def _cell(cell: Any) -> _Submitted | None:
    """Read a cell; None if it is none."""
    if not isinstance(cell, dict):
        return None
    kind, source = cell.get("cell_type"), cell.get("source")
    if type(source) is list and all(type(line) is str for line in source):
        source = "".join(source)
    if kind not in ("code", "markdown", "raw") or type(source) is not str:
        return None
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    cell_id = cell.get("id")
    return _Submitted(
        kind,
        _clean(source[:MAX_SOURCE], kind == "code"),
        grade_id if type(grade_id) is str else None,
        cell_id if type(cell_id) is str else None,
    )


def _clean(source: str, is_code: bool) -> str:
    text = source.encode("utf-8", "replace").decode()
    text = text.replace("\r\n", "\n").replace("\0", "")
    return text if is_code else _CONTROL.sub("", text)  # in code a character may be a value
