"""Master notebooks: the kind of each cell, the questions, and what an author must not do."""

from __future__ import annotations

import ast
import json
import symtable
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any

from autograder.course import CourseError
from autograder.regions import HIDDEN_TESTS, SOLUTION, region_problem, split_region


class Kind(StrEnum):
    """What a cell is for, and so where it runs."""

    TEXT = "text"
    SETUP = "setup"
    GIVEN = "given"
    SHOW = "show"
    SOLUTION = "solution"
    TEST = "test"
    MANUAL = "manual"


_TAGGED = (Kind.SETUP, Kind.GIVEN, Kind.SHOW)


@dataclass(frozen=True)
class Cell:
    """One cell of a master notebook, with its kind."""

    kind: Kind
    source: str
    grade_id: str
    points: float
    course: dict[str, Any]
    where: str

    @cached_property
    def names(self) -> frozenset[str]:
        """The names that this cell binds at top level."""
        table = symtable.symtable(self.source, self.where, "exec")
        return frozenset(
            symbol.get_name()
            for symbol in table.get_symbols()
            if symbol.is_assigned() or symbol.is_imported()
        )


@dataclass(frozen=True)
class Question:
    """A graded question: its test or manual cell, and the cells that answer it."""

    id: str
    points: float
    manual: bool
    novel: bool
    names: frozenset[str]


@dataclass(frozen=True)
class Master:
    """A master notebook whose cells all have a kind."""

    path: Path
    cells: tuple[Cell, ...]
    notebook: dict[str, Any]

    @cached_property
    def questions(self) -> dict[str, Question]:
        """The questions by their id, in the notebook's order."""
        solutions = {cell.grade_id: cell for cell in self.cells if cell.kind is Kind.SOLUTION}
        questions = {}
        for cell in self.cells:
            if cell.kind not in (Kind.TEST, Kind.MANUAL):
                continue
            answered_by = solutions.get(f"{cell.grade_id}_solution")
            questions[cell.grade_id] = Question(
                id=cell.grade_id,
                points=cell.points,
                manual=cell.kind is Kind.MANUAL,
                novel=bool(cell.course.get("novel", False)),
                names=answered_by.names if answered_by else frozenset(),
            )
        return questions

    @property
    def minutes(self) -> float:
        """The time that the questions are said to take together."""
        return sum(float(cell.course.get("minutes", 0)) for cell in self.cells)


def read_master(path: Path) -> Master:
    """Read a master notebook; see `parse_master`."""
    return parse_master(path.read_text(encoding="utf-8"), path)


def parse_master(text: str, path: Path) -> Master:
    """Read the text of a master notebook.

    Parameters
    ----------
    text : str
    path : Path
        Where it lies; it need not be there.

    Raises
    ------
    CourseError
        If a cell has no kind or breaks a rule; the message names every such cell.
    """
    try:
        notebook = json.loads(text)
    except ValueError as error:
        raise CourseError(f"{path.name}: cannot be read as a notebook: {error}") from None
    problems: list[str] = []
    cells = []
    for index, raw in enumerate(notebook["cells"]):
        where = _where(index, raw)
        found = _kinds(raw)
        if not raw.get("id"):
            problems.append(f"{where} has no id")
        if len(found) > 1:
            problems.append(f"{where} has {len(found)} kinds ({', '.join(found)}), one is needed")
        elif not found:
            problems.append(
                f"{where} has no kind: give it the tag setup, given or show and lock it, or make "
                "it a solution, test or manual cell of nbgrader"
            )
        else:
            cells.append(_cell(raw, found[0], where))
            problems += [f"{where} {problem}" for problem in _cell_problems(raw, cells[-1])]
    if not problems:
        problems += _notebook_problems(cells)
    if problems:
        raise CourseError("\n".join(f"{path.name}: {problem}" for problem in problems))
    return Master(path, tuple(cells), notebook)


def _where(index: int, raw: dict[str, Any]) -> str:
    name = raw["metadata"].get("nbgrader", {}).get("grade_id") or raw.get("id")
    return f"{raw['cell_type']} cell {index + 1}" + (f" ({name})" if name else "")


def _cell(raw: dict[str, Any], kind: Kind, where: str) -> Cell:
    nbgrader = raw["metadata"].get("nbgrader", {})
    return Cell(
        kind=kind,
        source="".join(raw["source"]),
        grade_id=nbgrader.get("grade_id", ""),
        points=float(nbgrader.get("points", 0)),
        course=raw["metadata"].get("course", {}),
        where=where,
    )


def _kinds(raw: dict[str, Any]) -> list[Kind]:
    nbgrader = raw["metadata"].get("nbgrader", {})
    grade, solution = nbgrader.get("grade", False), nbgrader.get("solution", False)
    tags = raw["metadata"].get("tags", [])
    found = [kind for kind in _TAGGED if kind in tags]
    if nbgrader.get("task", False):
        return []
    if grade and solution:
        found.append(Kind.MANUAL)
    elif grade:
        found.append(Kind.TEST)
    elif solution:
        found.append(Kind.SOLUTION)
    if not found and raw["cell_type"] != "code" and not nbgrader:
        return [Kind.TEXT]
    return found


def _cell_problems(raw: dict[str, Any], cell: Cell) -> Iterator[str]:
    nbgrader = raw["metadata"].get("nbgrader", {})
    if raw.get("outputs") or raw.get("execution_count"):
        yield "has stored outputs; clear them"
    if cell.kind is Kind.TEXT:
        return
    if not cell.grade_id:
        yield "has no grade_id"
    if cell.kind in (*_TAGGED, Kind.TEST) and not nbgrader.get("locked", False):
        yield f"is a {cell.kind} cell and must be locked"
    if cell.kind in (Kind.TEST, Kind.MANUAL) and cell.points <= 0:
        yield "must give points"
    if problem := region_problem(cell.source, HIDDEN_TESTS):
        yield problem
    if problem := region_problem(cell.source, SOLUTION):
        yield problem
    if cell.kind is not Kind.TEST and split_region(cell.source, HIDDEN_TESTS)[1]:
        yield "holds hidden tests and is no test cell"
    if raw["cell_type"] != "code":
        if cell.kind is not Kind.MANUAL:
            yield f"is a {cell.kind} cell and must be a code cell"
        return
    try:
        ast.parse(cell.source)
    except SyntaxError as error:
        yield f"is not Python: {error.msg} in line {error.lineno}"
        return
    if cell.kind is Kind.SOLUTION and "BEGIN SOLUTION" not in cell.source:
        yield "has no BEGIN SOLUTION and END SOLUTION lines"
    if cell.kind is Kind.TEST:
        yield from _test_problems(cell.source)


def _test_problems(source: str) -> Iterator[str]:
    try:
        visible, hidden = (ast.parse(part) for part in split_region(source, HIDDEN_TESTS))
    except SyntaxError:
        yield "has hidden tests inside a statement; put them at top level"
        return
    for part, must_hide in ((visible, False), (hidden, True)):
        for node in ast.walk(part):
            if _calls(node, "check") and _hides(node) is not must_hide:
                yield (
                    "calls check in its hidden tests without hidden=True"
                    if must_hide
                    else "calls check with hidden=True outside its hidden tests"
                )
        if part.body and not _ends_in_a_statement(part.body[-1]):
            yield (
                "must end in a statement or a call of check or print (nbgrader takes a last "
                "value for the score)"
            )


def _calls(node: ast.AST, name: str) -> bool:
    if not isinstance(node, ast.Call):
        return False
    function = node.func
    return (isinstance(function, ast.Name) and function.id == name) or (
        isinstance(function, ast.Attribute) and function.attr == name
    )


def _hides(node: ast.AST) -> bool:
    assert isinstance(node, ast.Call)
    return any(
        keyword.arg == "hidden"
        and isinstance(keyword.value, ast.Constant)
        and keyword.value.value is True
        for keyword in node.keywords
    )


def _ends_in_a_statement(node: ast.stmt) -> bool:
    if not isinstance(node, ast.Expr):
        return True
    return _calls(node.value, "check") or _calls(node.value, "print")


def _notebook_problems(cells: list[Cell]) -> Iterator[str]:
    seen: set[str] = set()
    for cell in cells:
        if cell.grade_id and cell.grade_id in seen:
            yield f"{cell.where} repeats the grade_id {cell.grade_id}"
        seen.add(cell.grade_id)
    tests = {cell.grade_id for cell in cells if cell.kind is Kind.TEST}
    written: set[str] = set()
    students: set[str] = set()
    for cell in cells:
        if cell.kind is Kind.SOLUTION:
            written.add(cell.grade_id)
            students |= cell.names
            if cell.grade_id.removesuffix("_solution") not in tests:
                yield f"{cell.where} answers no question: name it <question>_solution"
        if cell.kind is Kind.TEST and f"{cell.grade_id}_solution" not in written:
            yield f"{cell.where} has no solution cell {cell.grade_id}_solution before it"
    for cell in cells:
        if cell.kind is Kind.SETUP:
            used = {n.id for n in ast.walk(ast.parse(cell.source)) if isinstance(n, ast.Name)}
            for name in sorted(used & students):
                yield f"{cell.where} is a setup cell and uses {name}, which the student writes"
