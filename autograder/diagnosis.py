"""Names a mistake: the wrong answer that does what the student's answer did, on every call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from autograder.prepared import quiet
from rnncore.checking import (
    Call,
    Handle,
    Record,
    StudentError,
    WrongAnswer,
    call,
    matches,
    run_beside,
)
from rnncore.checking.handle import path_of
from rnncore.checking.plain import find_not_plain

_RTOL, _ATOL = 1e-5, 1e-8  # the same mistake, computed in another order


def diagnose(
    record: Record,
    names: frozenset[str],
    wrong_answers: Sequence[WrongAnswer],
    values: Mapping[str, Any],
) -> WrongAnswer | None:
    """Find the wrong answer that agrees with a student's failing answer wherever it was asked.

    Parameters
    ----------
    record : Record
        What the test asked, and what came.
    names : frozenset of str
        The names that the question's solution binds.
    wrong_answers : sequence of WrongAnswer
        Of this question.
    values : mapping from a name to plain data
        The student's answers that are values.

    Returns
    -------
    WrongAnswer or None
        None too if nothing was asked of the name that the wrong answer takes.
    """
    for wrong in wrong_answers:
        name = wrong.name or next(iter(names))
        with quiet():
            if _agrees(record, name, wrong.answer, values):
                return wrong
    return None


def _agrees(record: Record, name: str, answer: Any, values: Mapping[str, Any]) -> bool:
    if name in values:
        hidden = [check for check in record.checks if check.hidden] or record.checks
        rtol, atol = (hidden[0].rtol, hidden[0].atol) if hidden else (None, None)
        return matches(values[name], answer, rtol, atol)
    calls = [each for each in record.calls if _asks(each, name)]
    return bool(calls) and callable(answer) and all(_same(each, name, answer) for each in calls)


def _asks(each: Call, name: str) -> bool:
    if each.beside:
        return any(type(arg) is Handle and path_of(arg) == name for arg in each.args)
    return bool(each.function == name)


def _same(each: Call, name: str, answer: Any) -> bool:
    try:
        if each.beside:
            result = run_beside(each.function, *(_in_place(arg, name, answer) for arg in each.args))
        else:
            result = call(answer, *each.args, return_args=each.return_args)
    except StudentError as error:
        theirs = each.error
        return (
            isinstance(theirs, StudentError)
            and theirs.type_name == error.type_name != "NotImplementedError"
            and theirs.message == error.message
        )
    if each.error is not None or find_not_plain(result):
        return False
    return matches(each.result, result, _RTOL, _ATOL)


def _in_place(arg: Any, name: str, answer: Any) -> Any:
    return answer if type(arg) is Handle and path_of(arg) == name else arg
