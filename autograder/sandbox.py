"""The sandbox seen from outside: start it, take workers out of it, ask them, stop them."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import select
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from autograder import wire
from autograder.bubblewrap import find_bubblewrap, sandbox_command
from autograder.course import CourseError
from autograder.library import Library
from autograder.limits import Limits

FIRST_UID = 60_000  # of the users, without a name or a file, that workers run as under root
_START_SECONDS = 120.0
_WORKER_SECONDS = 20.0


class WorkerLost(Exception):
    """A worker ended or had to be ended; ``kind`` is died, time, wall or refused."""

    def __init__(self, kind: str, message: str) -> None:
        self.kind = kind
        super().__init__(message)


class Sandbox:
    """A bubblewrap with the allowed libraries, whose first process forks workers.

    Parameters
    ----------
    library : Library
    slot : int
        Under root, workers get the user id of this slot, so that two slots share nothing.
    """

    def __init__(self, library: Library, slot: int) -> None:
        find_bubblewrap()  # or stop before anything is made
        self._uid = FIRST_UID + slot if os.geteuid() == 0 else None
        self._folder = tempfile.TemporaryDirectory(prefix="course-")
        modules = Path(self._folder.name)
        library.copy_modules(modules)
        places = list(library.places())
        for place in places:  # bubblewrap needs something to mount on
            target = modules / place.name
            target.mkdir() if place.is_dir() else target.touch()
        modules.chmod(0o755)
        self._control, inner = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        arguments = ["-m", "autograder.inside.zygote", str(inner.fileno())]
        command = sandbox_command(modules, places, [*arguments, json.dumps(library.imports)])
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  (closed by `close`)
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._errors,
            pass_fds=[inner.fileno()],
        )
        inner.close()
        self._control.settimeout(_START_SECONDS)
        with contextlib.suppress(OSError):
            if self._control.recv(64) == b"ready":
                return
        said = self._said()
        self.close()
        raise CourseError(f"the sandbox did not start: {said}")

    def worker(self, limits: Limits) -> Worker:
        """Fork a worker.

        Raises
        ------
        CourseError
            If the sandbox cannot shut it in; no student code has run then.
        """
        nonce = secrets.token_hex(8)
        requests_end, requests = os.pipe()
        replies, replies_end = os.pipe()
        settings = limits.as_json() | {"nonce": nonce, "uid": self._uid}
        try:
            message = json.dumps(settings).encode()
            socket.send_fds(self._control, [message], [requests_end, replies_end])
        except OSError:
            raise CourseError(f"the sandbox has ended: {self._said()}") from None
        finally:
            os.close(requests_end)
            os.close(replies_end)
        pidfd = self._answer(nonce)
        if not select.select([replies], [], [], _WORKER_SECONDS)[0]:
            raise CourseError("the sandbox did not shut its worker in within 20 seconds")
        first = os.read(replies, 1)
        if first != b".":
            said = os.read(replies, 300).decode("utf-8", "replace")
            raise CourseError(f"the sandbox could not shut its worker in: {said}")
        return Worker(pidfd, requests, replies, limits)

    @property
    def is_alive(self) -> bool:
        """Whether it can still fork workers."""
        return self._process.poll() is None

    def close(self) -> None:
        """End the sandbox and all that runs in it."""
        self._control.close()
        self._process.kill()
        self._process.wait()
        self._errors.close()
        self._folder.cleanup()

    def _answer(self, nonce: str) -> int:
        """Wait for the descriptor of the new worker; answers to earlier askers are thrown away."""
        self._control.settimeout(_WORKER_SECONDS)
        while True:
            try:
                message, descriptors, _, _ = socket.recv_fds(self._control, 4096, 4)
            except OSError:
                message, descriptors = b"", []
            if message == nonce.encode() and descriptors:
                return descriptors[0]
            for descriptor in descriptors:
                os.close(descriptor)
            if not message or message.startswith(nonce.encode()):
                said = message[len(nonce) :].decode("utf-8", "replace") or self._said()
                raise CourseError(f"the sandbox could not make a worker: {said}")

    def _said(self) -> str:
        self._errors.seek(0)
        lines = self._errors.read().decode("utf-8", "replace").strip().split("\n")
        return lines[-1][:300] or "no word why"


class Worker:
    """One process of a student's code; it is stopped while nothing is asked of it."""

    def __init__(self, pidfd: int, requests: int, replies: int, limits: Limits) -> None:
        self._pidfd, self._requests, self._replies = pidfd, requests, replies
        self._limits = limits
        self._number = 0
        self._seconds = 0.0
        self._clock = _clock_of(pidfd)
        os.set_blocking(requests, False)
        os.set_blocking(replies, False)
        self._signal(signal.SIGSTOP)

    @property
    def seconds(self) -> float:
        """Seconds that it has computed so far, or had when it was last seen alive."""
        if self._pidfd >= 0:
            with contextlib.suppress(OSError):
                self._seconds = max(self._seconds, time.clock_gettime(self._clock))
        return self._seconds

    def ask(self, do: str, seconds: float, **payload: Any) -> dict[str, Any]:
        """Ask for something and wait for the answer.

        Parameters
        ----------
        do : str
            A method ``do_…`` of `autograder.inside.worker`.
        seconds : float
            How long it may compute.
        **payload
            What that method takes.

        Raises
        ------
        WorkerLost
            If there is no answer, or none that keeps the rules; the worker is dead then.
        """
        self._number += 1
        request = wire.pack({"number": self._number, "do": do, "with": payload})
        deadline = _Deadline(self, seconds, seconds * self._limits.wall_factor)
        self._signal(signal.SIGCONT)
        try:
            self._send(request, deadline)
            header = self._receive(wire.HEADER.size, deadline)
            text, raw = wire.frame_sizes(header, self._limits.reply)
            body = self._receive(text, deadline), self._receive(raw, deadline)
            self._signal(signal.SIGSTOP)
            answer = wire.unpack(*body)
            _check(answer, self._number)
        except wire.WireError as error:
            self.kill()
            raise WorkerLost("refused", str(error)) from None
        except BaseException:  # a signal may also stop us in the middle of a frame
            self.kill()
            raise
        return answer

    def kill(self) -> None:
        """End the worker."""
        if self._pidfd >= 0:
            self._seconds = self.seconds
            self._signal(signal.SIGKILL)
            for descriptor in (self._pidfd, self._requests, self._replies):
                os.close(descriptor)
            self._pidfd = -1

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._pidfd, number)

    def _send(self, data: bytes, deadline: _Deadline) -> None:
        view = memoryview(data)
        while view:
            try:
                view = view[os.write(self._requests, view) :]
            except BlockingIOError:
                deadline.wait(self._requests, select.POLLOUT)
            except BrokenPipeError:
                raise WorkerLost("died", "Python ended") from None

    def _receive(self, count: int, deadline: _Deadline) -> bytes:
        received = bytearray()
        while len(received) < count:
            deadline.check()
            try:
                part = os.read(self._replies, min(count - len(received), 2**20))
            except BlockingIOError:
                deadline.wait(self._replies, select.POLLIN)
                continue
            if not part:
                raise WorkerLost("died", "Python ended")
            received += part
        return bytes(received)


class _Deadline:
    """Waits for a pipe, but no longer than a worker may compute, nor much longer on the wall."""

    def __init__(self, worker: Worker, seconds: float, wall: float) -> None:
        self.worker = worker
        self.seconds, self.computed = seconds, worker.seconds
        self.wall = time.monotonic() + wall

    def wait(self, descriptor: int, event: int) -> None:
        poll = select.poll()
        poll.register(descriptor, event)
        while not poll.poll(max(10.0, 1000 * min(self._left(), 1.0))):
            self.check()

    def check(self) -> None:
        """Raise WorkerLost if it is over; also asked of a worker that answers drop by drop."""
        if self._left() <= 0:
            raise WorkerLost("time", f"more than {self.seconds:g} seconds of computing")
        if time.monotonic() >= self.wall:
            raise WorkerLost("wall", "no answer, although nothing was computed")

    def _left(self) -> float:
        return self.seconds - (self.worker.seconds - self.computed)


def _check(answer: dict[str, Any], number: int) -> None:
    came = answer.get("number")  # of any type: only a whole number is compared
    if type(came) is not int or came != number:
        raise wire.WireError("an answer to another question came")
    if type(answer.get("printed")) is not str:
        raise wire.WireError("an answer that does not say what was printed came")


def _clock_of(pidfd: int) -> int:
    """Return the number of the clock that counts a process's CPU time; see clock_getcpuclockid."""
    with open(f"/proc/self/fdinfo/{pidfd}") as file:
        pid = next(int(line.split()[1]) for line in file if line.startswith("Pid:"))
    return (~pid << 3) | 2
