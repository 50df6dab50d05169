"""One slot of the grader: prepares masters, keeps a sandbox, forks a process for each notebook.

The parent runs trusted code alone. Each child reads one hostile file, and ends with it.
"""

from __future__ import annotations

import base64
import contextlib
import gc
import hashlib
import json
import os
import resource
import select
import signal
import struct
import sys
import time
import traceback
from collections import OrderedDict
from typing import Any, BinaryIO

from autograder.course import CourseError
from autograder.library import Library
from autograder.limits import Limits
from autograder.notebooks import grade_notebook
from autograder.prepared import Prepared, prepare
from autograder.sandbox import Sandbox

SIZE = struct.Struct(">Q")
_MAX_ANSWER = 2**28
_KEPT = 4
_MEMORY = 6 * 2**30


class Slot:
    """Grades one notebook at a time; what is costly is kept for the next one."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.prepared: OrderedDict[str, Prepared] = OrderedDict()
        self.sandboxes: OrderedDict[Library, Sandbox] = OrderedDict()

    def grade(self, task: dict[str, Any]) -> bytes:
        """Grade a task in a fork; JSON."""
        prepared = self._prepare(task)
        sandbox = self._sandbox(prepared.library)
        limits = Limits.from_json(task["limits"])
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            _grade_and_end(task, prepared, sandbox, limits, writing)
        os.close(writing)
        wall = limits.notebook_seconds * limits.wall_factor * 2 + 60
        try:
            answer = _read_all(reading, time.monotonic() + wall)
        finally:
            os.close(reading)
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        if not answer:
            raise NotebookLost("The grader could not finish this notebook; nothing of it counts.")
        return answer

    def close(self) -> None:
        """End all sandboxes."""
        for sandbox in self.sandboxes.values():
            sandbox.close()

    def _prepare(self, task: dict[str, Any]) -> Prepared:
        texts = [task["notebook"], task["master"], task["wrong_answers"]]
        key = hashlib.sha256(json.dumps(texts).encode()).hexdigest()
        if key not in self.prepared:
            if len(self.prepared) == _KEPT:
                self.prepared.popitem(last=False)
            self.prepared[key] = prepare(*texts)
            gc.collect()
            gc.freeze()
        self.prepared.move_to_end(key)
        return self.prepared[key]

    def _sandbox(self, library: Library) -> Sandbox:
        if library in self.sandboxes and not self.sandboxes[library].is_alive:
            self.sandboxes.pop(library).close()
        if library not in self.sandboxes:
            if len(self.sandboxes) == _KEPT:
                self.sandboxes.popitem(last=False)[1].close()
            self.sandboxes[library] = Sandbox(library, self.number)
        self.sandboxes.move_to_end(library)
        return self.sandboxes[library]


class NotebookLost(Exception):
    """The process that graded a notebook ended without an answer."""


def _grade_and_end(
    task: dict[str, Any], prepared: Prepared, sandbox: Sandbox, limits: Limits, writing: int
) -> None:
    """Grade in this fork, send the answer, and end; never returns."""
    try:
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        seconds = int(limits.notebook_seconds) + 60
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        handed_in = base64.b64decode(task["submission"])
        with open(writing, "wb") as pipe:
            try:
                answer = grade_notebook(task, prepared, handed_in, sandbox, limits)
            except CourseError as error:
                answer = {"failed": str(error)}
            pipe.write(json.dumps(answer).encode())
    except BrokenPipeError:
        pass  # the server has ended, and nobody waits for this answer
    except BaseException:
        traceback.print_exc()  # a defect of the grader: whoever runs it must see where
    finally:
        os._exit(0)


def _read_all(descriptor: int, deadline: float) -> bytes:
    parts: list[bytes] = []
    size = 0
    while select.select([descriptor], [], [], max(0.0, deadline - time.monotonic()))[0]:
        part = os.read(descriptor, 2**20)
        if not part:
            return b"".join(parts)
        size += len(part)
        parts.append(part)
        if size > _MAX_ANSWER:
            break
    return b""


def main(requests: BinaryIO, answers: BinaryIO, number: int) -> None:
    """Answer tasks until the other side hangs up."""
    slot = Slot(number)
    try:
        while header := requests.read(SIZE.size):
            task = json.loads(requests.read(SIZE.unpack(header)[0]))
            try:
                answer = slot.grade(task)
            except (CourseError, NotebookLost) as error:
                key = "failed" if isinstance(error, CourseError) else "lost"
                answer = json.dumps({key: str(error)}).encode()
            answers.write(SIZE.pack(len(answer)) + answer)
            answers.flush()
    finally:
        slot.close()


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one who asks ends this process
    main(sys.stdin.buffer, sys.stdout.buffer, int(sys.argv[1]))
