"""Stands in a test for an answer that lives in a sandbox, and lets nothing answer for itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Protocol, final

from rnncore.checking.arguments import copy_arguments
from rnncore.checking.recording import note_call


class Remote(Protocol):
    """The other side, where the answers are; a path is a name with attributes, "cell.forward"."""

    def call(self, path: str, args: tuple[Any, ...], return_args: bool) -> Any:
        """Call what is at a path.

        Returns
        -------
        plain data
            The result, or the result and the arguments afterwards.

        Raises
        ------
        StudentError
            If the function raises anything.
        NameError
            If the name is not bound, with the message ``name 'x' is not defined``.
        """
        ...

    def fetch(self, path: str, limit: int) -> Any:
        """Return what is at a path as plain data of at most ``limit`` bytes.

        A part that is no plain data is replaced by a mark that every `check` refuses.
        """
        ...

    def beside(self, helper: str, args: tuple[Any, ...]) -> Any:
        """Run a helper of `run_beside` there; handles among the arguments mean what they name."""
        ...


@final
class Handle:
    """An answer in the sandbox: it can be called, its attributes named, its value fetched.

    All else raises TypeError, because it would let a student's object answer for itself: ``==``,
    ``bool``, ``len``, iteration, arithmetic, conversion, pickling.

    Parameters
    ----------
    remote : Remote
        The other side.
    path : str
        The answer's name there, with attributes behind dots.
    """

    __slots__ = ("_path", "_remote")
    _path: str
    _remote: Remote
    __array_ufunc__: Final = None  # NumPy leaves an operator to the handle, which refuses it

    def __init__(self, remote: Remote, path: str) -> None:
        object.__setattr__(self, "_remote", remote)
        object.__setattr__(self, "_path", path)

    def __call__(self, *args: Any, return_args: bool = False) -> Any:
        """Call the answer, as `rnncore.checking.call` does."""
        copies = copy_arguments(args)
        return note_call(
            self._path,
            copies,
            lambda: self._remote.call(self._path, copies, return_args),
            return_args=return_args,
        )

    def __getattr__(self, name: str) -> Handle:
        """Name an attribute; nothing is asked of the other side yet."""
        if name.startswith("_") or not name.isidentifier():
            raise _refusal(self, f"the attribute {name}")
        return Handle(self._remote, f"{self._path}.{name}")

    def fetch(self, limit: int) -> Any:
        """Return the answer as plain data of at most ``limit`` bytes; `check` does it by itself."""
        return self._remote.fetch(self._path, limit)

    def __repr__(self) -> str:
        return f"<{self._path} in the sandbox>"


def path_of(handle: Handle) -> str:
    """Return the path of a handle."""
    return handle._path


def remote_of(handle: Handle) -> Remote:
    """Return the other side of a handle."""
    return handle._remote


def _refusal(handle: Handle, what: str) -> TypeError:
    return TypeError(
        f"{handle._path} is an answer in the sandbox and has no {what} here: "
        f"use call({handle._path}, …) or check(…)"
    )


def _refusing(name: str) -> Callable[..., Any]:
    def refuse(self: Handle, *args: Any, **settings: Any) -> Any:
        raise _refusal(self, name)

    return refuse


_BINARY = (
    *("add", "sub", "mul", "matmul", "truediv", "floordiv", "mod", "divmod", "pow"),
    *("lshift", "rshift", "and", "xor", "or"),
)
# Python and NumPy look these up by themselves; each would be a student's object speaking.
REFUSED = (
    *("eq", "ne", "lt", "le", "gt", "ge", "hash", "bool", "len", "length_hint"),
    *("iter", "next", "reversed", "contains", "getitem", "setitem", "delitem"),
    *("setattr", "delattr"),
    *("int", "float", "complex", "index", "round", "trunc", "floor", "ceil", "bytes", "fspath"),
    *("neg", "pos", "abs", "invert"),
    *_BINARY,
    *(f"r{name}" for name in _BINARY),
    *(f"i{name}" for name in _BINARY if name != "divmod"),
    *("enter", "exit", "aenter", "aexit", "await", "aiter", "anext"),
    *("buffer", "release_buffer"),
    *("array", "array_function", "array_wrap", "array_finalize", "dlpack", "dlpack_device"),
    *("copy", "deepcopy", "reduce", "reduce_ex", "getstate", "getnewargs", "getnewargs_ex"),
)
for _name in REFUSED:
    setattr(Handle, f"__{_name}__", _refusing(f"__{_name}__"))
for _name in ("array_interface", "array_struct", "array_priority"):
    setattr(Handle, f"__{_name}__", property(_refusing(f"__{_name}__")))
