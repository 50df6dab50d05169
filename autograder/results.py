"""What grading gives: scores by question, as JSON, as CSV and as a table."""

from __future__ import annotations

import csv
import io
import json
import math
import os
import re
import reprlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.table import Table
from rich.text import Text

FAILURES = (
    *("unwritten", "broken", "undefined", "type", "shape", "dtype", "finite", "value"),
    *("raised", "stopped", "died", "time", "memory", "refused", "lost"),
)
"""The ways in which a question fails; the order is that of a run, from first to last."""

MAX_TEXT = 4000
MAX_ENTRIES = 1000
_UNPRINTABLE = re.compile(
    "\x1b\\[[0-9;?]*[A-Za-z]|[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufffe\uffff]"
)


def clean_text(text: str, limit: int = MAX_TEXT) -> str:
    r"""Return a text that any terminal, page, table or mail can show.

    A control sequence or character, one that turns the direction of writing, and half a surrogate
    pair each become a space; every line ends in ``\n``; what is longer than ``limit`` is cut.
    """
    clean = re.sub("\r\n|[\r\u0085\u2028\u2029]", "\n", text[: 2 * limit])
    clean = _UNPRINTABLE.sub(" ", clean)
    return clean if len(clean) <= limit else clean[: limit - 1] + "…"


def write_atomically(path: Path, text: str) -> None:
    """Write a file as a whole or not at all; what is no regular file is written to as it is."""
    if path.exists() and not path.is_file():  # a pipe or /dev/stdout cannot be replaced
        path.write_text(text, encoding="utf-8")
        return
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        scratch.write_text(text, encoding="utf-8", newline="")
        scratch.replace(path)
    finally:
        scratch.unlink(missing_ok=True)


@dataclass(frozen=True)
class QuestionResult:
    """What one question came to.

    Parameters
    ----------
    score : float or None
        None while nobody, or nothing, has given one.
    max_score : float
    manual : bool
        A person marks it.
    said : str, optional
        What the learner is told; None if all checks pass.
    hint, mistake : str, optional
        Hint and label of the wrong answer that this answer behaves like.
    failure : str, optional
        One of `FAILURES`; None if all checks pass.
    seconds : float
        CPU seconds of the student's code.
    tried : str, optional
        One line: with what the student's work was called.
    """

    score: float | None
    max_score: float
    manual: bool
    said: str | None = None
    hint: str | None = None
    mistake: str | None = None
    failure: str | None = None
    seconds: float = 0.0
    tried: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the question's entry of the JSON file."""
        return {
            "score": self.score,
            "max_score": self.max_score,
            "needs_manual": self.manual and self.score is None,
            "hint": self.hint,
            "manual": self.manual,
            "said": self.said,
            "mistake": self.mistake,
            "failure": self.failure,
            "seconds": self.seconds,
            "tried": self.tried,
        }

    @classmethod
    def from_json(cls, raw: Any) -> QuestionResult:
        """Read what `as_json` wrote, and trust nothing in it.

        Raises
        ------
        ValueError
            If a field is missing, too many, of another type or out of its range.
        """
        _check_keys(raw, _QUESTION_KEYS, "a question")
        most = _number(raw, "max_score")
        result = cls(
            score=None if raw["score"] is None else _number(raw, "score", most),
            max_score=most,
            manual=_truth(raw, "manual"),
            seconds=_number(raw, "seconds"),
            failure=_text_or_none(raw, "failure"),
            **{name: _text_or_none(raw, name) for name in ("said", "hint", "mistake", "tried")},
        )
        if result.failure not in (None, *FAILURES):
            raise _unusable("failure", result.failure, f"one of {', '.join(FAILURES)}, or null")
        _check_derived(raw, result.as_json(), "needs_manual")
        return result


@dataclass(frozen=True)
class NotebookResult:
    """One student's notebook after grading.

    Parameters
    ----------
    student, assignment, notebook : str
    reasons : list of str
        Why an instructor must look at it, in sentences; empty if grading went well.
    questions : dict from an id to a QuestionResult
    seed : int, optional
        Of the fresh inputs.
    log : list of str
        Further sentences for the instructor.
    """

    student: str
    assignment: str
    notebook: str
    reasons: list[str]
    questions: dict[str, QuestionResult]
    seed: int | None = None
    log: list[str] = field(default_factory=list)

    @property
    def status(self) -> str:
        """Either "graded" or "needs_look"."""
        return "needs_look" if self.reasons else "graded"

    @property
    def score(self) -> float:
        """Points of the automatic questions."""
        return sum(q.score or 0.0 for q in self.questions.values() if not q.manual)

    @property
    def max_score(self) -> float:
        """Points that the automatic questions can give."""
        return sum(q.max_score for q in self.questions.values() if not q.manual)

    @property
    def manual_max(self) -> float:
        """Points that wait for a person."""
        return sum(q.max_score for q in self.questions.values() if q.manual)

    def as_json(self) -> dict[str, Any]:
        """Return the notebook's object of the JSON file."""
        return {
            "student": clean_text(self.student),
            "assignment": self.assignment,
            "notebook": self.notebook,
            "status": self.status,
            "reasons": self.reasons,
            "score": self.score,
            "max_score": self.max_score,
            "manual_max": self.manual_max,
            "questions": {name: q.as_json() for name, q in self.questions.items()},
            "seed": self.seed,
            "log": self.log,
        }

    @classmethod
    def from_json(cls, raw: Any) -> NotebookResult:
        """Read what `as_json` wrote, perhaps on another machine, and trust nothing in it.

        Raises
        ------
        ValueError
            If a field is missing, too many, of another type or out of its range.
        """
        _check_keys(raw, _NOTEBOOK_KEYS, "a notebook")
        questions = raw["questions"]
        if type(questions) is not dict or len(questions) > MAX_ENTRIES:
            raise _unusable("questions", questions, f"an object of at most {MAX_ENTRIES} entries")
        result = cls(
            student=_text(raw, "student"),
            assignment=_text(raw, "assignment"),
            notebook=_text(raw, "notebook"),
            reasons=_texts(raw, "reasons"),
            questions={
                clean_text(name): QuestionResult.from_json(each) for name, each in questions.items()
            },
            seed=_seed(raw),
            log=_texts(raw, "log"),
        )
        _check_derived(raw, result.as_json(), "status", "score", "max_score", "manual_max")
        return result


_QUESTION_KEYS = frozenset(QuestionResult(None, 0.0, False).as_json())
_NOTEBOOK_KEYS = frozenset(NotebookResult("", "", "", [], {}).as_json())


def _unusable(name: str, came: Any, expected: str) -> ValueError:
    shown = clean_text(reprlib.repr(came))
    return ValueError(
        f"a result cannot be used: {name} is {shown}, expected {expected}; grade that notebook "
        "again with --force"
    )


def _check_keys(raw: Any, expected: frozenset[str], what: str) -> None:
    if type(raw) is not dict or raw.keys() != expected:
        came = sorted(map(str, raw)) if type(raw) is dict else raw
        raise _unusable(what, came, f"an object with {', '.join(sorted(expected))}")


def _check_derived(raw: dict[str, Any], made: dict[str, Any], *names: str) -> None:
    for name in names:
        if type(raw[name]) not in (bool, int, float, str) or raw[name] != made[name]:
            raise _unusable(name, raw[name], f"{made[name]!r}, as its parts say")


def _number(raw: dict[str, Any], name: str, most: float = 1e6) -> float:
    value = raw[name]
    if type(value) not in (int, float) or not 0 <= value <= most or not math.isfinite(value):
        raise _unusable(name, value, f"a number from 0 to {most:g}")
    return float(value)


def _truth(raw: dict[str, Any], name: str) -> bool:
    value = raw[name]
    if type(value) is not bool:
        raise _unusable(name, value, "true or false")
    return bool(value)


def _text(raw: dict[str, Any], name: str) -> str:
    value = raw[name]
    if type(value) is not str:
        raise _unusable(name, value, "a text")
    return clean_text(value)


def _text_or_none(raw: dict[str, Any], name: str) -> str | None:
    return None if raw[name] is None else _text(raw, name)


def _texts(raw: dict[str, Any], name: str) -> list[str]:
    value = raw[name]
    if type(value) is not list or len(value) > MAX_ENTRIES or {type(v) for v in value} - {str}:
        raise _unusable(name, value, f"a list of at most {MAX_ENTRIES} texts")
    return [clean_text(each) for each in value]


def _seed(raw: dict[str, Any]) -> int | None:
    value = raw["seed"]
    if value is not None and (type(value) is not int or not 0 <= value < 2**128):
        raise _unusable("seed", value, "a whole number from 0 on, or null")
    return value


def write_json(results: Sequence[NotebookResult], path: Path) -> None:
    """Write one object a notebook."""
    text = json.dumps([result.as_json() for result in results], indent=1, ensure_ascii=False)
    write_atomically(path, text + "\n")


def write_csv(results: Sequence[NotebookResult], path: Path) -> None:
    """Write one line a notebook and one column a question, safe to open in a spreadsheet."""
    names = list(dict.fromkeys(name for result in results for name in result.questions))
    rows: list[list[Any]] = [
        ["student", "notebook", "status", "score", "max_score", *names, "reasons"]
    ]
    for result in results:
        scores = [result.questions.get(name) for name in names]
        rows.append(
            [
                result.student,
                result.notebook,
                result.status,
                result.score,
                result.max_score,
                *(None if q is None else q.score for q in scores),
                " ".join(result.reasons),
            ]
        )
    write_rows(rows, path)


def write_rows(rows: Iterable[Iterable[Any]], path: Path) -> None:
    """Write a table as CSV; None is an empty cell, and no text is taken for a formula."""
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\r\n")
    writer.writerows([text_cell(c) if type(c) is str else c for c in row] for row in rows)
    write_atomically(path, made.getvalue())


def text_cell(text: str) -> str:
    """Clean a text, and quote what a spreadsheet would take for a formula."""
    clean = clean_text(text)
    return f"'{clean}" if clean.lstrip()[:1] in tuple("=+-@＝＋－＠") else clean


def summary(results: Sequence[NotebookResult]) -> Table:
    """Draw the results as a table for the terminal; the names of lost questions are in the CSV."""
    several = len({result.notebook for result in results}) > 1
    table = Table(title=results[0].assignment)
    for heading in ("student", *(["notebook"] if several else []), "status"):
        table.add_column(heading, overflow="fold")
    for heading in ("score", "of", "questions lost", "to mark by hand"):
        table.add_column(heading, justify="right")
    for result in results:
        automatic = [q for q in result.questions.values() if not q.manual and q.score is not None]
        lost = sum(q.score < q.max_score for q in automatic if q.score is not None)
        waiting = sum(q.manual and q.score is None for q in result.questions.values())
        table.add_row(
            Text(clean_text(result.student)),
            *([result.notebook] if several else []),
            "needs a look" if result.reasons else "graded",
            f"{result.score:g}",
            f"{result.max_score:g}",
            "" if result.reasons else str(lost),
            "" if result.reasons else str(waiting),
        )
    return table


def reasons(results: Sequence[NotebookResult]) -> list[str]:
    """Say of each notebook that needs a look, why."""
    return [
        clean_text(f"{r.student}, {r.notebook}: {' '.join(r.reasons)}")
        for r in results
        if r.reasons
    ]
