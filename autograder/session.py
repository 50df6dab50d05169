"""A student's notebook as it lives in workers: cells, calls, and what happens when one dies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from autograder.limits import Limits
from autograder.sandbox import Sandbox, Worker, WorkerLost
from rnncore.checking import StudentError

SENTENCES = {
    "died": "Python itself ended while it ran your code.",
    "time": "Your code ran out of time.",
    "refused": "What your code sent back could not be read.",
    "lost": "Too much of this notebook had failed before, so this was not tried any more.",
}


class AnswerLost(Exception):
    """A call or a cell that ended its worker; ``kind`` is a key of `SENTENCES`."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        super().__init__(SENTENCES[kind])


@dataclass(frozen=True)
class Ran:
    """What came of a cell: what it printed, and the error that it ended with, if it did."""

    printed: str
    error: StudentError | AnswerLost | None


@dataclass
class _Step:
    """A cell or data that every new worker gets again."""

    do: str
    payload: dict[str, Any]
    alive: bool = True


class Session:
    """Runs a student's cells in a worker and makes another one if it dies.

    It is the `Remote` behind the handles of a test.

    Parameters
    ----------
    sandbox : Sandbox
    limits : Limits
    """

    def __init__(self, sandbox: Sandbox, limits: Limits) -> None:
        self._sandbox, self._limits = sandbox, limits
        self._worker: Worker | None = None
        self._started = 0
        self._spent = 0.0
        self._steps: list[_Step] = []
        self.log: list[str] = []

    @property
    def seconds(self) -> float:
        """Seconds that all workers have computed."""
        return self._spent + (self._worker.seconds if self._worker else 0.0)

    def run(self, source: str, where: str) -> Ran:
        """Run a cell; if it ends its worker, no later worker runs it."""
        step = _Step("run", {"source": source, "where": where})
        try:
            answer = self._ask(step.do, self._limits.cell_seconds, step.payload)
        except AnswerLost as lost:
            return Ran("", lost)
        self._steps.append(step)
        return Ran(answer["printed"], _error(answer))

    def bind(self, values: dict[str, Any]) -> None:
        """Bind plain data under their names; every later worker gets them, whatever happens."""
        step = _Step("bind", {"values": values})
        try:
            self._ask(step.do, self._limits.cell_seconds, step.payload)
        finally:
            self._steps.append(step)

    def call(self, path: str, args: tuple[Any, ...], return_args: bool) -> Any:
        """Call a function; see `rnncore.checking.handle.Remote`."""
        return self._value("call", path=path, arguments=args, return_args=return_args)

    def fetch(self, path: str, limit: int) -> Any:
        """Fetch a value; see `rnncore.checking.handle.Remote`."""
        return self._value("fetch", path=path)

    def beside(self, helper: str, args: tuple[Any, ...]) -> Any:
        """Run a helper; see `rnncore.checking.handle.Remote`."""
        return self._value("beside", helper=helper, arguments=args)

    def close(self) -> None:
        """End the worker."""
        self._drop()

    def _value(self, do: str, **payload: Any) -> Any:
        answer = self._ask(do, self._limits.call_seconds, payload)
        name = answer.get("unbound")
        if type(name) is str:
            raise NameError(f"name '{name}' is not defined", name=name)
        if (error := _error(answer)) is not None:
            raise error
        if "value" not in answer:
            raise AnswerLost("refused")
        return answer["value"]

    def _ask(self, do: str, seconds: float, payload: dict[str, Any]) -> dict[str, Any]:
        """Ask once; a worker that only waited is given one more chance, with a new worker."""
        for attempt in ("first", "second"):
            worker = self._ready()
            try:
                return worker.ask(do, self._allowed(seconds), **payload)
            except WorkerLost as lost:
                self._drop()
                self.log.append(f"A worker ended: {lost}.")
                if lost.kind != "wall" or attempt == "second":
                    raise AnswerLost("time" if lost.kind == "wall" else lost.kind) from None
            except BaseException:  # such as a test that was stopped while it waited
                self._drop()
                raise
        raise AssertionError("unreachable")

    def _allowed(self, seconds: float) -> float:
        left = self._limits.notebook_seconds - self.seconds
        if left <= 0:
            raise AnswerLost("lost")
        return min(seconds, left)

    def _ready(self) -> Worker:
        while self._worker is None:
            if self._started > self._limits.replays or self._allowed(1.0) <= 0:
                raise AnswerLost("lost")
            self._started += 1
            self._worker = self._sandbox.worker(self._limits)
            self._replay(self._worker)
        return self._worker

    def _replay(self, worker: Worker) -> None:
        """Run the cells again, without those that end a worker."""
        for step in self._steps:
            if not step.alive:
                continue
            try:
                worker.ask(step.do, self._allowed(self._limits.cell_seconds), **step.payload)
            except WorkerLost as lost:
                step.alive = False
                self._drop()
                self.log.append(f"A worker ended while the cells ran again: {lost}.")
                return

    def _drop(self) -> None:
        if self._worker is not None:
            self._spent += self._worker.seconds
            self._worker.kill()
            self._worker = None


def _error(answer: dict[str, Any]) -> StudentError | None:
    """Read the error that an answer tells of."""
    raised = answer.get("raised")
    if raised is None:
        return None
    if type(raised) is tuple and [type(part) for part in raised] == [str, str]:
        return StudentError(raised[0][:60], raised[1][:300])
    return StudentError("Exception", "")
