"""Call a function of the student's on copies, and bring back plain data or one kind of error."""

from __future__ import annotations

import contextlib
import linecache
import sys
import traceback
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rnncore.checking.arguments import copy_arguments
from rnncore.checking.handle import Handle
from rnncore.checking.plain import plain, type_name
from rnncore.checking.recording import is_recording, note_call

MAX_MESSAGE = 300
_LIBRARY = str(Path(__file__).parents[1])


class StudentError(Exception):
    """What a student's function raised, as text.

    Parameters
    ----------
    type_name : str
        Name of the exception's class.
    message : str
        Its message, cut at 300 characters.
    """

    def __init__(self, type_name: str, message: str) -> None:
        self.type_name = type_name
        self.message = message
        super().__init__(f"{type_name}: {message}" if message else type_name)

    def _render_traceback_(self) -> list[str]:
        """Show the student's own lines and nothing else; IPython looks for this name."""
        cause = self.__cause__
        found = traceback.extract_tb(cause.__traceback__)[1:] if cause else []
        frames = [frame for frame in found if not frame.filename.startswith(_LIBRARY)]
        lines = [
            f"  line {frame.lineno} of {frame.name}: "
            f"{linecache.getline(frame.filename, frame.lineno or 0).strip()}"
            for frame in frames[-8:]
        ]
        if self.type_name == "NotImplementedError":
            return ["The function is not written yet: it raises NotImplementedError.", *lines]
        return [f"The function raised {self}", *lines]


def call(f: Any, *args: Any, return_args: bool = False) -> Any:
    """Call a student's function on copies of the arguments.

    Parameters
    ----------
    f : the student's function, or a `Handle` of it
    *args : plain data, or helpers (see `rnncore.checking.helper`)
    return_args : bool
        Also return the arguments as they are afterwards (was an input changed?).

    Returns
    -------
    result
        As plain data; what is not plain is replaced by a mark that every `check` refuses.
    args : tuple
        Only with ``return_args=True``.

    Raises
    ------
    StudentError
        If the function raises anything.
    TypeError
        If an argument is neither plain data nor a helper.

    Notes
    -----
    What the function warns of or writes to stderr goes to stdout: nbgrader takes any word on
    stderr in a test cell for a failure.
    """
    if type(f) is Handle:
        return f(*args, return_args=return_args)
    copies = copy_arguments(args)

    def run() -> Any:
        result = plain(run_students(f, *copies))
        return (result, plain(copies)) if return_args else result

    # The function may change its copies, so a record needs its own.
    kept = copy_arguments(args) if is_recording() else copies
    return note_call(f, kept, run, return_args=return_args)


def run_students(f: Callable[..., Any], *args: Any) -> Any:
    """Run a function that a student wrote, or one that runs such a function.

    Raises
    ------
    StudentError
        If it raises anything but an interrupt from the keyboard.
    """
    try:
        with warnings.catch_warnings(), contextlib.redirect_stderr(sys.stdout):
            warnings.simplefilter("default")
            warnings.showwarning = lambda message, category, *where: print(
                f"{category.__name__}: {message}"
            )
            return f(*args)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise StudentError(type_name(error), _message(error)) from error


def _message(error: BaseException) -> str:
    try:
        text = str(error)
    except BaseException:
        return ""
    printable = "".join(c if c.isprintable() else " " for c in text[: MAX_MESSAGE + 1])
    return printable if len(printable) <= MAX_MESSAGE else printable[: MAX_MESSAGE - 1] + "…"
