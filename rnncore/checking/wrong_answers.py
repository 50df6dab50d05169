"""Wrong answers that people give, each with the hint that would help."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

Answer = TypeVar("Answer")
_MISSING: Any = object()
_collected: ContextVar[list[WrongAnswer] | None] = ContextVar("collected", default=None)


@dataclass(frozen=True)
class WrongAnswer:
    """One wrong answer.

    Parameters
    ----------
    question : str
        The ``grade_id`` of the question's test cell.
    hint : str
        What is told to a learner who gives this answer.
    label : str
        What the mistake is called, for instructors.
    answer
        A function or a value.
    name : str or None
        The name that the answer takes; None if the solution cell binds one alone.
    """

    question: str
    hint: str
    label: str
    answer: Any
    name: str | None


def wrong_answer(
    question: str, hint: str, *, name: str | None = None, value: Any = _MISSING
) -> Callable[[Answer], Answer]:
    """Mark a mistake that people make, in ``wrong_answers.py``.

    Parameters
    ----------
    question : str
        The ``grade_id`` of the question's test cell.
    hint : str
        A sentence that says what was mistaken; it does not give the right answer away.
    name : str
        Which name of the solution cell the answer takes; needed where the cell binds several.
    value
        The wrong answer itself, for a question whose answer is a value. Without it the call is a
        decorator, and the name of the decorated function says what the mistake is.

    Raises
    ------
    ValueError
        If the hint is not a sentence.
    """
    if not hint.strip().endswith((".", "?")):
        raise ValueError(f"the hint for {question} must be a sentence, got {hint!r}")

    def collect(answer: Any, label: str) -> None:
        records = _collected.get()
        if records is not None:
            records.append(WrongAnswer(question, hint, label, answer, name))

    def decorate(answer: Answer) -> Answer:
        collect(answer, getattr(answer, "__name__", repr(answer)))
        return answer

    if value is not _MISSING:
        collect(value, f"value {value!r}"[:60])
    return decorate


def load_wrong_answers(path: str | Path) -> list[WrongAnswer]:
    """Run a ``wrong_answers.py`` and return what it marks, in its order.

    Parameters
    ----------
    path : str or Path

    Raises
    ------
    ValueError
        If two wrong answers of one question have the same label.
    """
    records: list[WrongAnswer] = []
    token = _collected.set(records)
    try:
        source = Path(path).read_text(encoding="utf-8")
        exec(compile(source, str(path), "exec"), {"__name__": "wrong_answers"})
    finally:
        _collected.reset(token)
    seen: set[tuple[str, str]] = set()
    for record in records:
        if (record.question, record.label) in seen:
            raise ValueError(f"{record.question} has two wrong answers called {record.label}")
        seen.add((record.question, record.label))
    return records
