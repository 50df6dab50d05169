"""Asks the questions of one notebook: cells run in the sandbox, tests run here on handles."""

from __future__ import annotations

import contextlib
import re
import signal
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from autograder.assignment import Cell, Kind, Question
from autograder.diagnosis import diagnose
from autograder.limits import Limits
from autograder.prepared import Prepared, quiet, test_name
from autograder.regions import HIDDEN_TESTS
from autograder.results import QuestionResult, clean_text
from autograder.session import SENTENCES, AnswerLost, Ran, Session
from autograder.wording import UNWRITTEN, known
from rnncore.checking import Handle, Record, StudentError, fresh_seed, recording
from rnncore.checking.plain import NotPlain
from rnncore.checking.wording import kind as kind_of

_MAGIC = re.compile(r"^[ \t]*(%|!|\?|\w+[ \t]*=[ \t]*[%!])|\?[ \t]*$", re.MULTILINE)
_MAX_SAID = 1500
_MAX_TRIED = 120
_MAGIC_SECONDS = 1.0


class TestTooLong(Exception):
    """A test computed too long outside, on what a student's answer had brought."""


@dataclass
class Asked:
    """What came of a notebook's cells.

    Attributes
    ----------
    questions : dict from an id to a QuestionResult
    printed : dict from a cell's id to what it printed
    reasons : list of str
    """

    questions: dict[str, QuestionResult] = field(default_factory=dict)
    printed: dict[str, str] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)


def ask(
    prepared: Prepared, cells: list[dict[str, Any]], session: Session, limits: Limits, seed: int
) -> Asked:
    """Run a rebuilt notebook's cells and tests, in their order.

    Parameters
    ----------
    prepared : Prepared
    cells : list of dict
        Of the rebuilt notebook.
    session : Session
    limits : Limits
    seed : int
        Of the fresh inputs.
    """
    notebook = _Notebook(prepared, session, limits, seed)
    kinds = {
        raw["id"]: cell
        for raw, cell in zip(prepared.master.notebook["cells"], prepared.master.cells, strict=True)
    }
    for raw in cells:
        cell = kinds.get(raw["id"])
        if cell is None:
            if raw["cell_type"] == "code":
                notebook.run(raw["id"], raw["source"])
        elif cell.kind is Kind.SOLUTION:
            notebook.run(raw["id"], raw["source"], cell.grade_id)
            notebook.bound |= cell.names
        elif cell.kind is Kind.SETUP:
            ran = notebook.run(raw["id"], cell.source)
            if ran.error is not None:
                notebook.asked.reasons.append(f"The set-up cell did not run: {ran.error}.")
        elif cell.kind is Kind.GIVEN:
            with contextlib.suppress(AnswerLost):
                session.bind(prepared.given[cell.grade_id])
        elif cell.kind in (Kind.TEST, Kind.MANUAL):
            notebook.grade(prepared.master.questions[cell.grade_id])
    return notebook.asked


class _Notebook:
    def __init__(self, prepared: Prepared, session: Session, limits: Limits, seed: int) -> None:
        self.prepared, self.session, self.limits, self.seed = prepared, session, limits, seed
        self.asked = Asked()
        self.bound: set[str] = set()
        self.ran: dict[str, Ran] = {}

    def run(self, cell_id: str, source: str, grade_id: str = "") -> Ran:
        """Run a cell of the student's side."""
        ran = self.session.run(_without_magic(source), f"<{grade_id or cell_id}>")
        text = ran.printed + (f"\n{ran.error}" if ran.error else "")
        if text:
            self.asked.printed[cell_id] = text.lstrip("\n")
        self.ran[grade_id] = ran
        return ran

    def grade(self, question: Question) -> None:
        """Ask one question."""
        if question.manual:
            result = QuestionResult(None, question.points, manual=True)
        else:
            result = self._ask(question)
        self.asked.questions[question.id] = result

    def _ask(self, question: Question) -> QuestionResult:
        before = self.session.seconds
        with fresh_seed(self.seed), recording(keep_going=True) as record:
            error = self._test(question)
        passed = QuestionResult(
            question.points,
            question.points,
            manual=False,
            seconds=round(self.session.seconds - before, 4),
            tried=_tried(record),
        )
        if error is None and not record.failures:
            return passed
        failure, said = self._verdict(question, record, error)
        if failure == "lost":
            self._note("Some questions were not tried, because too much had failed before.")
        wrong = None
        if failure not in ("unwritten", "broken", "undefined", "lost"):
            wrong = self._diagnose(question, record)
        return replace(
            passed,
            score=0.0,
            said=clean_text(said, _MAX_SAID),
            failure=failure,
            hint=wrong.hint if wrong else None,
            mistake=wrong.label if wrong else None,
        )

    def _test(self, question: Question) -> Exception | None:
        """Run a test; the error that it ended with."""
        names = dict(self.prepared.names)
        names.update({name: Handle(self.session, name) for name in self.bound})
        try:
            with quiet(), _at_most(self.limits.cell_seconds):
                exec(self.prepared.codes[question.id], names)
        except Exception as error:
            return error
        return None

    def _verdict(
        self, question: Question, record: Record, error: Exception | None
    ) -> tuple[str, str]:
        """Say how a question failed: a kind of `FAILURES`, and words for the learner."""
        if self._stopped_unwritten(question):
            return "unwritten", UNWRITTEN
        if record.failures:
            return record.failures[0].kind, str(record.failures[0])
        assert error is not None
        if isinstance(error, AnswerLost):
            return error.kind, str(error)
        if isinstance(error, TestTooLong):
            return "time", "Your answer made its test run out of time."
        if isinstance(error, NameError) and error.name in question.names:
            return self._unbound(question, error.name)
        is_visible = _line_of(error, question.id) < self._first_hidden_line(question)
        if isinstance(error, StudentError):
            return _raised(error, is_visible)
        if isinstance(error, AssertionError) and is_visible and str(error):
            return "type", str(error)
        return "stopped", (
            "The test could not go on with what your answer gave "
            f"(it stopped with {known(type(error).__name__)})."
        )

    def _stopped_unwritten(self, question: Question) -> bool:
        """Tell whether the answer's cell still raises what the learner was to take away."""
        ran = self.ran.get(f"{question.id}_solution")
        error = ran.error if ran else None
        return isinstance(error, StudentError) and error.type_name == "NotImplementedError"

    def _unbound(self, question: Question, name: str) -> tuple[str, str]:
        """Say why a name is not bound."""
        ran = self.ran.get(f"{question.id}_solution")
        error = ran.error if ran else None
        if isinstance(error, AnswerLost):
            return error.kind, f"The cell of your answer was ended. {SENTENCES[error.kind]}"
        if error is None:
            return "undefined", f"{name} is not defined: no cell of yours binds this name."
        return "broken", f"The cell of your answer did not run. It stopped with {error}."

    def _diagnose(self, question: Question, record: Record) -> Any:
        wrong_answers = self.prepared.wrong_answers.get(question.id, [])
        values = {}
        if not record.calls and wrong_answers:
            for name in question.names:
                with contextlib.suppress(Exception):
                    value = self.session.fetch(name, self.limits.reply)
                    if type(value) is not NotPlain:
                        values[name] = value
        with contextlib.suppress(TestTooLong, MemoryError), _at_most(self.limits.cell_seconds):
            return diagnose(record, question.names, wrong_answers, values)
        return None

    def _first_hidden_line(self, question: Question) -> int:
        cell = _cell_of(self.prepared, question.id)
        lines = cell.source.split("\n")
        hidden = [i for i, line in enumerate(lines, 1) if f"BEGIN {HIDDEN_TESTS}" in line]
        return hidden[0] if hidden else len(lines) + 1

    def _note(self, reason: str) -> None:
        if reason not in self.asked.reasons:
            self.asked.reasons.append(reason)


def _raised(error: StudentError, is_visible: bool) -> tuple[str, str]:
    if error.type_name == "NotImplementedError" and not error.message:
        return "unwritten", UNWRITTEN
    failure = "memory" if "MemoryError" in error.type_name else "raised"
    if is_visible:
        return failure, f"Your function raised {error}"
    return failure, f"Your function raised {known(error.type_name)}."


def _tried(record: Record) -> str | None:
    if not record.calls:
        return None
    first = record.calls[0]
    more = len(record.calls) - 1
    function = first.function if isinstance(first.function, str) else "your function"
    arguments = ", ".join(map(_kind, first.args))
    shown = f"{function}({arguments if len(arguments) <= _MAX_TRIED else '…'})"
    return shown + (f", and {more} more call{'s' if more > 1 else ''}" if more else "")


def _kind(value: Any) -> str:
    return repr(value) if type(value) is Handle else kind_of(value)


def _cell_of(prepared: Prepared, grade_id: str) -> Cell:
    return next(cell for cell in prepared.master.cells if cell.grade_id == grade_id)


def _line_of(error: Exception, question: str) -> int:
    """Return the line of the test where an error came up."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno or 0 for frame in frames if frame.filename == test_name(question)]
    return lines[-1] if lines else 0


def _without_magic(source: str) -> str:
    """Turn IPython's magic commands into calls, which the sandbox then leaves out.

    A cell that IPython cannot turn, or not in a second, stays as it is.
    """
    if not _MAGIC.search(source):
        return source
    from IPython.core.inputtransformer2 import TransformerManager

    manager: Any = TransformerManager
    with contextlib.suppress(Exception), _at_most(_MAGIC_SECONDS):
        return str(manager().transform_cell(source))
    return source


@contextlib.contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Stop a test that computes too long here."""

    def stop(number: int, frame: Any) -> None:
        raise TestTooLong

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
