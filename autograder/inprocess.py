"""Runs a notebook's questions in this process, for the proofs that a master is sound."""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from autograder.assignment import Kind, Master
from rnncore.checking import fresh_seed

_Namespace = dict[str, Any]


@dataclass(frozen=True)
class Replay:
    """A master run once under one seed, with the names as they stood before each test."""

    master: Master
    seed: int
    before: Mapping[str, _Namespace]
    failures: Mapping[str, str]

    def fails(self, question: str, answers: Mapping[str, Any]) -> str | None:
        """Try other answers to one question.

        Parameters
        ----------
        question : str
            The question's id.
        answers : mapping from name to answer
            They take the place of what the master's solution binds.

        Returns
        -------
        str or None
            What the test said, or None if the answers pass.
        """
        namespace = {**self.before[question], **answers}
        source = next(c.source for c in self.master.cells if c.grade_id == question)
        return _run(source, question, namespace, self.seed)


def replay(master: Master, seed: int, solutions: Mapping[str, str] | None = None) -> Replay:
    """Run a master's cells in order, show cells left out.

    Parameters
    ----------
    master : Master
    seed : int
        What `rnncore.checking.fresh_rng` starts from.
    solutions : mapping from grade_id to source, optional
        Takes the place of the master's solution cells, for example by untouched stubs.
    """
    namespace: _Namespace = {"__name__": "__main__"}
    before: dict[str, _Namespace] = {}
    failures: dict[str, str] = {}
    for cell in master.cells:
        if cell.kind in (Kind.TEXT, Kind.SHOW, Kind.MANUAL):
            continue
        source = cell.source
        if cell.kind is Kind.SOLUTION and solutions is not None:
            source = solutions[cell.grade_id]
        if cell.kind is Kind.TEST:
            before[cell.grade_id] = dict(namespace)
        failure = _run(source, cell.where, namespace, seed)
        if failure is None:
            continue
        if cell.kind is Kind.TEST:
            failures[cell.grade_id] = failure
        elif cell.kind is not Kind.SOLUTION:
            raise RuntimeError(f"{master.path.name}: {cell.where} fails: {failure}")
    return Replay(master, seed, before, failures)


def _run(source: str, where: str, namespace: _Namespace, seed: int) -> str | None:
    """Run one cell and say how it fails; stderr is a failure, as it is for nbgrader."""
    errors = io.StringIO()
    with (
        fresh_seed(seed),
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(errors),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("default")
        warnings.showwarning = lambda message, *where: print(message, file=errors)
        try:
            exec(compile(source, where, "exec"), namespace)
        except Exception as error:
            return f"{type(error).__name__}: {error}"
    return errors.getvalue() or None
