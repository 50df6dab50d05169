"""Serves the test outside: runs a student's cells, calls what they bound, sends plain data back."""

from __future__ import annotations

import builtins
import contextlib
import io
import os
import sys
import types
import warnings
from dataclasses import dataclass
from typing import Any

from autograder import wire
from rnncore.checking import StudentError, run_beside
from rnncore.checking.plain import NotPlain, plain, type_name

MAX_MESSAGE = 300


class Unbound(Exception):
    """A name that no cell of the student has bound."""


def serve(requests: int, replies: int, limits: dict[str, Any]) -> None:
    """Answer requests until their pipe is closed."""
    worker = _Worker(limits)
    while True:
        header = _read(requests, wire.HEADER.size)
        if not header:
            return
        sizes = wire.frame_sizes(header, 2**31)
        text, raw = (_read(requests, size) for size in sizes)
        request = wire.unpack(text, raw, _Named)
        _write(replies, worker.answer(request))


@dataclass(frozen=True)
class _Named:
    """Stands for a handle, until what it names is looked up; that may fail as a call may."""

    path: str


class _Worker:
    def __init__(self, limits: dict[str, Any]) -> None:
        self.limits = limits
        main = types.ModuleType("__main__")
        main.__dict__["__builtins__"] = builtins
        sys.modules["__main__"] = main
        self.names: dict[str, Any] = main.__dict__
        self.names.update(display=_display, get_ipython=_NoShell)

    def answer(self, request: dict[str, Any]) -> bytes:
        """Do what a request asks; the frame that is sent back."""
        number = request["number"]
        printed = _Printed(self.limits["output"])
        reply: dict[str, Any]
        with (
            contextlib.redirect_stdout(printed),
            contextlib.redirect_stderr(printed),
            warnings.catch_warnings(),
        ):
            warnings.simplefilter("default")
            try:
                reply = {"value": getattr(self, f"do_{request['do']}")(**request["with"])}
            except Unbound as error:
                reply = {"unbound": str(error)}
            except StudentError as error:
                reply = {"raised": (error.type_name, error.message)}
            except BaseException as error:
                reply = {"raised": (type_name(error), _message(error))}
        return self._frame({"number": number, "printed": printed.text(), **reply})

    def _frame(self, reply: dict[str, Any]) -> bytes:
        frame = wire.pack(reply)
        text, raw = wire.HEADER.unpack_from(frame)
        if text > wire.MAX_TEXT or raw > self.limits["reply"]:
            what = f"an answer of {max(text, raw) / 2**20:.0f} MiB, which is too large"
            frame = wire.pack({**reply, "value": NotPlain(what)})
        return frame

    def resolve(self, path: str) -> Any:
        """Find what a handle stands for."""
        first, *rest = path.split(".")
        if first not in self.names:
            raise Unbound(first)
        found = self.names[first]
        for name in rest:
            found = getattr(found, name)
        return found

    def do_run(self, source: str, where: str) -> None:
        """Run a cell."""
        exec(compile(source, where, "exec"), self.names)

    def do_bind(self, values: dict[str, Any]) -> None:
        """Bind data under their names."""
        self.names.update(values)

    def do_call(self, path: str, arguments: tuple[Any, ...], return_args: bool) -> Any:
        """Call a function of the student's."""
        result = self.resolve(path)(*arguments)
        return (plain(result), plain(arguments)) if return_args else plain(result)

    def do_fetch(self, path: str) -> Any:
        """Return a value of the student's."""
        return plain(self.resolve(path))

    def do_beside(self, helper: str, arguments: tuple[Any, ...]) -> Any:
        """Run a helper of the course beside an object of the student's."""
        found = [self.resolve(arg.path) if type(arg) is _Named else arg for arg in arguments]
        return plain(run_beside(helper, *found))


class _Printed(io.TextIOBase):
    """Keeps the first letters of what is printed."""

    def __init__(self, room: int) -> None:
        self.room = room
        self.parts: list[str] = []
        self.cut = False

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if type(text) is not str:
            raise TypeError(f"a text can be written, not {type_name(text)}")
        kept = text[: self.room]
        self.cut = self.cut or len(kept) < len(text)
        self.room -= len(kept)
        if kept:
            self.parts.append(kept)
        return len(text)

    def text(self) -> str:
        return "".join(self.parts) + ("\n[the rest is cut]" if self.cut else "")


class _NoShell:
    """Stands where a notebook has IPython: its magic commands do nothing while grading."""

    def __getattr__(self, name: str) -> Any:
        def ignore(*arguments: Any, **settings: Any) -> None:
            print(f"[{' '.join(map(str, arguments))}: not run while grading]")

        return ignore


def _display(*objects: Any, **settings: Any) -> None:
    for each in objects:
        print(repr(each))


def _message(error: BaseException) -> str:
    try:
        text = str(error)
    except BaseException:
        return ""
    return "".join(c if c.isprintable() else " " for c in text[:MAX_MESSAGE])


def _read(descriptor: int, count: int) -> bytes:
    parts = []
    while count:
        part = os.read(descriptor, min(count, 2**20))
        if not part:
            return b""
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def _write(descriptor: int, frame: bytes) -> None:
    view = memoryview(frame)
    while view:
        view = view[os.write(descriptor, view) :]
