"""Lets a grader watch a test: each call and each check is noted while a record is open."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rnncore.checking.plain import plain

if TYPE_CHECKING:
    from rnncore.checking.comparing import CheckFailed


@dataclass(frozen=True)
class Call:
    """One `call` or `run_beside`, and what became of it.

    Parameters
    ----------
    function : object or str
        The function, the path of a handle, or the name of the helper of `run_beside`.
    args : tuple
        Copies of the arguments as they went in; `run_beside` keeps answers and handles themselves.
    return_args : bool
        Whether the result holds the arguments as they were afterwards, too.
    beside : bool
        Whether it was a `run_beside`.
    result : plain data
    error : BaseException or None
        What was raised in place of a result, a `StudentError` as a rule.
    """

    function: Any
    args: tuple[Any, ...]
    return_args: bool
    beside: bool
    result: Any
    error: BaseException | None


@dataclass(frozen=True)
class Check:
    """One `check`, with both sides as plain data.

    Parameters
    ----------
    question : str
        The check's label.
    got, want : plain data
    rtol, atol : float or None
        As they were given.
    hidden : bool
    failure : CheckFailed or None
        None if the check passed.
    """

    question: str
    got: Any
    want: Any
    rtol: float | None
    atol: float | None
    hidden: bool
    failure: CheckFailed | None


@dataclass(frozen=True)
class Record:
    """What happened while a record was open.

    Parameters
    ----------
    keep_going : bool
        Whether a failing check is noted and not raised.
    entries : list of Call and Check
        In their order.
    """

    keep_going: bool
    entries: list[Call | Check] = field(default_factory=list)

    @property
    def calls(self) -> list[Call]:
        """The calls alone."""
        return [entry for entry in self.entries if isinstance(entry, Call)]

    @property
    def checks(self) -> list[Check]:
        """The checks alone."""
        return [entry for entry in self.entries if isinstance(entry, Check)]

    @property
    def failures(self) -> list[CheckFailed]:
        """The failures of the checks that failed."""
        return [check.failure for check in self.checks if check.failure is not None]


_open: ContextVar[Record | None] = ContextVar("record", default=None)


@contextmanager
def recording(keep_going: bool = False) -> Iterator[Record]:
    """Note every `call`, `run_beside` and `check` inside a ``with`` block.

    Parameters
    ----------
    keep_going : bool
        A check that fails is noted and does not raise, so that the rest of the test runs too.

    Yields
    ------
    Record
        It grows as the block runs.
    """
    record = Record(keep_going)
    token = _open.set(record)
    try:
        yield record
    finally:
        _open.reset(token)


def is_recording() -> bool:
    """Tell whether a record is open."""
    return _open.get() is not None


def note_call(
    function: Any,
    args: tuple[Any, ...],
    run: Callable[[], Any],
    *,
    return_args: bool = False,
    beside: bool = False,
) -> Any:
    """Run a call, and note it if a record is open; ``args`` must be nobody else's to change."""
    record = _open.get()
    if record is None:
        return run()
    result, failure = None, None
    try:
        result = run()
    except BaseException as error:
        failure = error
        raise
    finally:
        entry = Call(function, args, return_args, beside, plain(result), failure)
        record.entries.append(entry)
    return result


def note_check(check: Check) -> None:
    """Note a check, and raise its failure unless the record says to go on."""
    record = _open.get()
    if record is not None:
        record.entries.append(check)
    if check.failure is not None and not (record and record.keep_going):
        raise check.failure
