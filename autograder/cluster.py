"""Where tasks are graded: in this process, by workers on this machine, or on a cluster."""

from __future__ import annotations

import contextlib
import itertools
import logging
import os
import signal
import warnings
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.course import CourseError
from autograder.journal import Task
from autograder.results import clean_text

GradeTask = Callable[[bytes], bytes]
Graded = tuple[Task, bytes | str]
_CLUSTERS = 5
_CONNECT_SECONDS = "20s"
_PATIENCE = 5
_AHEAD = 3
_ANSWER, _STOP, _LOST = b"=", b"#", b"!"


@dataclass(frozen=True)
class Place:
    """Where to grade: how many workers on this machine, or a scheduler's address.

    A scheduler is spoken to by TLS (``tls://``), with the certificates that Dask's own settings
    name (``distributed.comm.tls``); by ``tcp://`` only where `insecure` says so.
    """

    jobs: int = 1
    scheduler: str | None = None
    insecure: bool = False

    def check(self) -> None:
        """Raise `CourseError` if this is no place to grade at."""
        if self.jobs < 1:
            raise CourseError(f"--jobs takes a number from 1 on, got {self.jobs}")
        if self.scheduler is None or self.scheduler.startswith("tls://"):
            return
        if not self.scheduler.startswith("tcp://"):
            raise CourseError(
                f"--scheduler takes an address such as tls://host:8786, got {self.scheduler}"
            )
        if not self.insecure:
            raise CourseError(
                "tcp:// is neither encrypted nor authenticated, and whoever reaches the scheduler "
                "can run programs on it: use tls://, or say --insecure on a network of your own"
            )


HERE = Place()


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0))


def run(
    tasks: Iterable[Task], grade_task: GradeTask, place: Place, scratch: Path
) -> Generator[Graded, None, None]:
    """Grade tasks and yield each with its answer, in the order in which answers come.

    In place of an answer stands a sentence where the grader raised, or where its process died each
    time, four times at most. Tasks are taken as they are needed: few are in memory at a time.

    Parameters
    ----------
    tasks : iterable of Task
    grade_task : callable
        From a task's content to an answer's.
    place : Place
    scratch : Path
        A folder in which workers on this machine may keep files.

    Raises
    ------
    CourseError
        If the grader says that a machine cannot grade at all.
    """
    remaining = iter(tasks)
    first = list(itertools.islice(remaining, 2))
    remaining = itertools.chain(first, remaining)
    if place.scheduler is None and (place.jobs == 1 or len(first) < 2):
        yield from _here(remaining, grade_task)
    elif first:
        yield from _by_dask(remaining, grade_task, place, scratch)


def _here(tasks: Iterator[Task], grade_task: GradeTask) -> Iterator[Graded]:
    for task in tasks:
        yield task, _read(_attempt(grade_task, task.content))


def _attempt(grade_task: GradeTask, content: bytes) -> bytes:
    """Call the grader where it runs; what comes back is bytes, whatever happens."""
    try:
        return _ANSWER + grade_task(content)
    except CourseError as error:
        return _STOP + str(error).encode()
    except Exception as error:  # it costs this notebook, not the run
        return _LOST + f"The grader stopped with {type(error).__name__}: {error}".encode()


def _read(reply: Any) -> bytes | str:
    if type(reply) is not bytes or reply[:1] not in (_ANSWER, _STOP, _LOST):
        return "The worker sent no answer."
    kind, content = reply[:1], reply[1:]
    if kind == _ANSWER:
        return content
    sentence = clean_text(content.decode("utf-8", "replace"))
    if kind == _STOP:
        raise CourseError(sentence)
    return sentence


class _Deserted(Exception):
    """All workers are gone, or none came."""


def _by_dask(
    tasks: Iterator[Task], grade_task: GradeTask, place: Place, scratch: Path
) -> Iterator[Graded]:
    """Grade on a cluster; where its workers are all lost, on another one."""
    waiting: list[Task] = []
    failures = 0
    while failures < _CLUSTERS:
        try:
            with _client(place, scratch) as client:
                for graded in _on(client, waiting, tasks, grade_task, place.jobs):
                    failures = 0
                    yield graded
            return
        except _Deserted:
            failures += 1
    where = place.scheduler or "this machine"
    raise CourseError(f"no workers stay alive on {where}: see what ends them, then go on")


def _on(
    client: Any, waiting: list[Task], tasks: Iterator[Task], grade_task: GradeTask, jobs: int
) -> Iterator[Graded]:
    """Grade on a cluster that is there; ``waiting`` holds the tasks without an answer so far.

    When a worker dies, every task that it held is under suspicion, so those are tried again alone.
    """
    queue = itertools.chain(list(waiting), _noting(tasks, waiting))
    suspects = []
    for task, future in _flow(client, queue, grade_task, _AHEAD * max(jobs, _workers(client))):
        if future.status == "finished":
            waiting.remove(task)
            yield task, _read(future.result())
        else:
            suspects.append(task)
    for task, future in _flow(client, iter(suspects), grade_task, 1):
        waiting.remove(task)
        is_alive = future.status == "finished"
        yield task, _read(future.result()) if is_alive else "Grading it ends the grader's process."


def _flow(
    client: Any, queue: Iterator[Task], grade_task: GradeTask, ahead: int
) -> Iterator[tuple[Task, Any]]:
    """Keep so many tasks on the cluster, and yield each with its future when that is done."""
    from distributed import wait

    futures: dict[Any, Task] = {}
    while True:
        for task in itertools.islice(queue, ahead - len(futures)):
            futures[client.submit(_attempt, grade_task, task.content, pure=False)] = task
        if not futures:
            return
        try:
            done = wait(  # type: ignore[no-untyped-call]
                list(futures), timeout=_PATIENCE, return_when="FIRST_COMPLETED"
            ).done
        except TimeoutError:
            if not _workers(client):
                raise _Deserted from None
            continue
        for future in done:
            yield futures.pop(future), future


def _noting(tasks: Iterator[Task], waiting: list[Task]) -> Iterator[Task]:
    for task in tasks:
        waiting.append(task)
        yield task


def _workers(client: Any) -> int:
    return len(client.scheduler_info(n_workers=-1)["workers"])


@contextlib.contextmanager
def _client(place: Place, scratch: Path) -> Iterator[Any]:
    import dask
    from distributed import Client

    quiet = {
        "distributed.scheduler.allowed-failures": 1,
        "distributed.logging": {"distributed": "critical"},
        "distributed.admin.low-level-log-length": 0,
        "distributed.comm.timeouts.connect": _CONNECT_SECONDS,
        "distributed.diagnostics.nvml": False,
        "distributed.worker.memory.target": False,
        "distributed.worker.memory.spill": False,
        "distributed.worker.memory.pause": False,
        "distributed.worker.memory.terminate": False,
        "distributed.worker.profile.enabled": False,
        "temporary-directory": str(scratch),
    }
    with contextlib.ExitStack() as stack:
        stack.enter_context(dask.config.set(quiet))
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")  # of large messages: a notebook may have 20 MiB
        stack.enter_context(_silent("distributed"))
        try:
            where = place.scheduler or stack.enter_context(_cluster(place.jobs))
        except RuntimeError:  # a worker died while it started
            raise _Deserted from None
        try:
            client = stack.enter_context(Client(where))  # type: ignore[no-untyped-call]
        except (OSError, TimeoutError, TypeError, ValueError) as error:
            raise CourseError(
                f"no scheduler answers at {place.scheduler}: {str(error) or 'it took too long'}"
            ) from None
        yield client


def _cluster(jobs: int) -> Any:
    from distributed import LocalCluster

    return LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=jobs,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        dashboard_address=None,
        security=True,
        preload=[__name__],
        silence_logs=logging.CRITICAL,
    )


def dask_setup(worker: Any) -> None:
    """Let a worker on this machine leave Ctrl-C to the run; called by Dask in each of them."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextlib.contextmanager
def _silent(name: str) -> Iterator[None]:
    logger = logging.getLogger(name)
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(before)
