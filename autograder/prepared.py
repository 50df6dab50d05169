"""A master made ready to grade: parsed, compiled, its own cells run once, before any fork."""

from __future__ import annotations

import contextlib
import importlib
import io
import sys
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import CodeType
from typing import Any

from autograder.assignment import Cell, Kind, Master, parse_master
from autograder.course import CourseError
from autograder.inside.zygote import DELAYED_BY_TORCH
from autograder.library import Library, needed
from rnncore.checking import WrongAnswer, load_wrong_answers
from rnncore.checking.plain import find_not_plain, plain


@dataclass(frozen=True)
class Prepared:
    """What grading any submission of one master needs.

    Attributes
    ----------
    master : Master
    library : Library
        What the sandbox holds.
    codes : mapping from a test's id to its code
    names : dict
        The trusted names, after the set-up and given cells; never changed.
    given : mapping from a given cell's id to its plain data
        They are sent in.
    wrong_answers : mapping from a question's id to its wrong answers
    """

    master: Master
    library: Library
    codes: Mapping[str, CodeType]
    names: Mapping[str, Any]
    given: Mapping[str, dict[str, Any]]
    wrong_answers: Mapping[str, list[WrongAnswer]]


def prepare(name: str, master_text: str, wrong_text: str) -> Prepared:
    """Prepare a master.

    Parameters
    ----------
    name : str
        Of the notebook.
    master_text, wrong_text : str
        The master notebook, and ``wrong_answers.py`` or "".

    Raises
    ------
    CourseError
        If the master breaks a rule or one of its own cells fails.
    """
    master = parse_master(master_text, Path(f"{name}.ipynb"))
    library = needed(cell.source for cell in master.cells if cell.kind is Kind.SETUP)
    names: dict[str, Any] = {"__name__": "__main__"}
    given: dict[str, dict[str, Any]] = {}
    for cell in master.cells:
        if cell.kind in (Kind.SETUP, Kind.GIVEN):
            _run(cell, names)
        if cell.kind is Kind.GIVEN:
            bound = {each: plain(names[each]) for each in sorted(cell.names) if each in names}
            given[cell.grade_id] = {k: v for k, v in bound.items() if not find_not_plain(v)}
    if "torch" in sys.modules:
        importlib.import_module(DELAYED_BY_TORCH)
    codes = {
        cell.grade_id: compile(cell.source, test_name(cell.grade_id), "exec")
        for cell in master.cells
        if cell.kind is Kind.TEST
    }
    return Prepared(master, library, codes, names, given, _wrong_answers(wrong_text))


def test_name(question: str) -> str:
    """Return the file name that a test's code carries."""
    return f"<test {question}>"


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Let trusted code print and warn to nobody."""
    with (
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        yield


def _run(cell: Cell, names: dict[str, Any]) -> None:
    try:
        with quiet():
            exec(compile(cell.source, cell.where, "exec"), names)
    except Exception as error:
        raise CourseError(
            f"the master's {cell.where} fails: {type(error).__name__}: {error}"
        ) from error


def _wrong_answers(text: str) -> dict[str, list[WrongAnswer]]:
    with tempfile.NamedTemporaryFile("w", suffix=".py", encoding="utf-8") as file, quiet():
        file.write(text)
        file.flush()
        records = load_wrong_answers(file.name)
    found: dict[str, list[WrongAnswer]] = {}
    for record in records:
        found.setdefault(record.question, []).append(record)
    return found
