"""The grading function: a task as bytes in, its result as bytes out, on any machine."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO, Any

from autograder.bubblewrap import find_bubblewrap
from autograder.course import CourseError
from autograder.server import SIZE

_lock = threading.Lock()
_slot: _Client | None = None


def grade_task(task: bytes) -> bytes:
    """Grade one notebook; see ``autograder/notebooks.py`` for what a task and an answer hold.

    Raises
    ------
    CourseError
        If this machine cannot grade, or a master breaks a rule: no notebook is at fault.
    """
    global _slot
    find_bubblewrap()
    with _lock:
        for attempt in (1, 2):
            if _slot is None:
                _slot = _Client()
            with contextlib.suppress(OSError, EOFError):
                answer = _slot.ask(task)
                break
            _slot.close()
            _slot = None
            if attempt == 2:
                return _lost(task, "The grader ended twice while it graded this notebook.")
    if answer.startswith(b'{"failed"'):
        raise CourseError(str(json.loads(answer)["failed"]))
    if answer.startswith(b'{"lost"'):
        return _lost(task, str(json.loads(answer)["lost"]))
    return answer


def _lost(task: bytes, reason: str) -> bytes:
    """Answer for a notebook that nothing could be said of."""
    from autograder.notebooks import unmarked
    from autograder.prepared import prepare
    from autograder.results import NotebookResult

    facts: dict[str, Any] = json.loads(task)
    questions = unmarked(prepare(facts["notebook"], facts["master"], ""))
    place = facts["student"], facts["assignment"], facts["notebook"]
    result = NotebookResult(*place, [reason], questions, seed=facts["seed"])
    return json.dumps({"result": result.as_json(), "notebook": None}).encode()


class _Client:
    """A slot of its own, in a process of its own."""

    def __init__(self) -> None:
        self._claim, number = _claim_slot()
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-s", "-m", "autograder.server", str(number)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[1],
            env={**os.environ, **_threads()},
        )
        atexit.register(self.close)

    def ask(self, task: bytes) -> bytes:
        """Send a task and wait for its answer."""
        requests, answers = self._pipes
        requests.write(SIZE.pack(len(task)) + task)
        requests.flush()
        header = answers.read(SIZE.size)
        if len(header) < SIZE.size:
            raise EOFError
        (size,) = SIZE.unpack(header)
        answer = answers.read(size)
        if len(answer) < size:
            raise EOFError
        return answer

    def close(self) -> None:
        """End the slot."""
        atexit.unregister(self.close)
        with contextlib.suppress(OSError):
            self._pipes[0].close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(5)
        self._process.kill()
        self._process.wait()
        self._pipes[1].close()
        self._claim.close()

    @property
    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        return self._process.stdin, self._process.stdout


def _threads() -> dict[str, str]:
    return {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL")}


def _claim_slot() -> tuple[socket.socket, int]:
    """Claim a number that no other grader on this machine has; it is free again when we end."""
    claim = socket.socket(socket.AF_UNIX)
    for number in range(4096):
        with contextlib.suppress(OSError):
            claim.bind(f"\0course-grader-{os.geteuid()}-{number}")
            return claim, number
    raise CourseError("4096 graders already run on this machine")
