"""Grades a class: every submission of an assignment, some at a time, one writer for all."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from autograder.assignment import Master, read_master
from autograder.cluster import HERE, GradeTask, Place, run
from autograder.course import Course, CourseError
from autograder.gradebook import Book
from autograder.journal import Answer, Journal, Task, make_task, read_answer
from autograder.limits import Limits
from autograder.recording import Recorder, not_graded
from autograder.registering import register
from autograder.results import NotebookResult
from autograder.rounds import Round, marking_round
from autograder.submissions import (
    MissingError,
    Submission,
    UnreadableError,
    find_submissions,
    read_submission,
)

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class ClassResult:
    """What a run came to: the results, in the order of the ids, and which it graded itself."""

    results: list[NotebookResult]
    fresh: frozenset[tuple[str, str]]
    round: Round

    @property
    def looks(self) -> int:
        """How many notebooks need a look."""
        return sum(bool(result.reasons) for result in self.results)

    @property
    def graded(self) -> int:
        """How many notebooks were graded in this run and need no look."""
        return sum(self._is_fresh(r) for r in self.results if not r.reasons)

    @property
    def cached(self) -> int:
        """How many notebooks were graded in an earlier run and need no look."""
        return len(self.results) - self.looks - self.graded

    def _is_fresh(self, result: NotebookResult) -> bool:
        return (result.student, result.notebook) in self.fresh


def grade(
    course: Course,
    assignment: str,
    *,
    place: Place = HERE,
    seed: int | None = None,
    new_round: bool = False,
    force: bool = False,
    progress: Progress = lambda done, total: None,
    grade_task: GradeTask | None = None,
) -> ClassResult:
    """Grade what lies in ``classroom/submitted/<student>/<assignment>/``.

    What an earlier run has graded, with the same inputs, is taken from the journal; so a run that
    was stopped at any moment goes on where it was.

    Parameters
    ----------
    course : Course
    assignment : str
    place : Place
        Where the notebooks are graded.
    seed : int, optional
    new_round : bool
        See `autograder.rounds.marking_round`.
    force : bool
        Also grade what has not changed.
    progress : callable
        Told how many submissions are done, of how many.
    grade_task : callable
        What grades one task; by default `autograder.grader.grade_task`.

    Raises
    ------
    CourseError
        If there is no such assignment, nothing was submitted, a master breaks a rule, or the place
        is none to grade at.
    """
    place.check()
    masters = [read_master(path) for path in course.masters(assignment)]
    folders = find_submissions(course, assignment)
    limits = Limits.from_config(course.config)
    with _alone(course), tempfile.TemporaryDirectory() as scratch:
        begun = marking_round(course, assignment, seed=seed, another=new_round)
        register(course, assignment, masters)
        with Book(course, assignment) as book:
            recorder = Recorder(course, book, masters)
            journal = Journal(course, assignment)
            work = _Work(recorder, journal, limits, begun.seed, force, progress, len(folders))
            grader = grade_task or _grader()
            answers = run(work.tasks(folders), grader, place, Path(scratch))
            with contextlib.closing(answers):
                for task, answer in answers:
                    work.take(task, answer)
    results = [each for _, some in sorted(work.results.items()) for each in some]
    return ClassResult(results, frozenset(work.fresh), begun)


@dataclass
class _Pending:
    """A submission some of whose notebooks are still being graded."""

    submission: Submission
    digest: str
    answers: dict[str, Answer | None]


@dataclass
class _Work:
    """The submissions of a run: read, looked up in the journal, handed out, and recorded."""

    recorder: Recorder
    journal: Journal
    limits: Limits
    seed: int
    force: bool
    progress: Progress
    total: int
    results: dict[str, list[NotebookResult]] = field(default_factory=dict)
    fresh: set[tuple[str, str]] = field(default_factory=set)
    _pending: dict[str, _Pending] = field(default_factory=dict)

    def tasks(self, folders: Sequence[Path]) -> Iterator[Task]:
        """Yield what must be graded; record at once what an earlier run has graded."""
        self.progress(0, self.total)
        masters = {master.path.stem: master for master in self.recorder.masters}
        for folder in folders:
            submission = read_submission(folder, list(masters), self.limits.notebook)
            tasks = {
                name: self._task(submission.student, masters[name], content)
                for name, content in submission.notebooks.items()
                if isinstance(content, bytes)
            }
            pending = self._begin(submission, masters, tasks)
            lacking = [tasks[name] for name, answer in pending.answers.items() if answer is None]
            if lacking:
                self._pending[submission.student] = pending
                yield from lacking
            else:
                self._finish(pending)

    def take(self, task: Task, content: bytes | str) -> None:
        """Take an answer, or the sentence that stands for one, and record the submission's last."""
        pending = self._pending[task.student]
        name = task.master.path.stem
        pending.answers[name] = self._answer(task, content, pending.submission)
        self.fresh.add((task.student, name))
        if None not in pending.answers.values():
            del self._pending[task.student]
            self._finish(pending)

    def _task(self, student: str, master: Master, content: bytes) -> Task:
        assignment = self.recorder.book.assignment
        limits = self.limits.as_json()
        return make_task(student, assignment, master, content, seed=self.seed, limits=limits)

    def _begin(
        self, submission: Submission, masters: Mapping[str, Master], tasks: Mapping[str, Task]
    ) -> _Pending:
        answers: dict[str, Answer | None] = {}
        facts = [str(submission.timestamp), submission.remark]
        for name, content in submission.notebooks.items():
            if isinstance(content, UnreadableError):
                score = 0.0 if isinstance(content, MissingError) else None
                answers[name] = self._lost(submission, masters[name], str(content), score)
                facts.append(str(content))
            else:
                answers[name] = None if self.force else self.journal.find(tasks[name])
                facts.append(tasks[name].hash)
        digest = hashlib.sha256("\n".join(facts).encode()).hexdigest()
        return _Pending(submission, digest, answers)

    def _answer(self, task: Task, content: bytes | str, submission: Submission) -> Answer:
        if isinstance(content, str):
            return self._lost(submission, task.master, content, None)
        try:
            answer = read_answer(content, task)
        except ValueError as error:
            sentence = f"The grader's answer cannot be used: {error}."
            return self._lost(submission, task.master, sentence, None)
        self.journal.keep(task, content)
        return answer

    def _lost(
        self, submission: Submission, master: Master, reason: str, score: float | None
    ) -> Answer:
        assignment = self.recorder.book.assignment
        return not_graded(submission, assignment, master, reason, score)

    def _finish(self, pending: _Pending) -> None:
        submission = pending.submission
        answers = {
            name: answer.remarked(submission.remark)
            for name, answer in pending.answers.items()
            if answer is not None
        }
        results = None
        if not self.force:
            results = self.recorder.unchanged(submission, answers, pending.digest)
        if results is None:
            results = self.recorder.record(submission, answers, pending.digest)
        self.results[submission.student] = results
        self.progress(len(self.results), self.total)


def _grader() -> GradeTask:
    from autograder.grader import grade_task

    return grade_task


@contextlib.contextmanager
def _alone(course: Course) -> Iterator[None]:
    """Keep a second run out of the classroom; the lock goes with the process."""
    with (course.classroom / ".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise CourseError(
                "another run is grading in this classroom: wait until it ends, or stop it"
            ) from None
        yield
