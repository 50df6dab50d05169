"""Call a function of the student's on copies, and bring back plain data or one kind of error."""

from __future__ import annotations

import contextlib
import linecache
import sys
import traceback
import warnings
from typing import Any

from rnncore.checking.helpers import HELPERS
from rnncore.checking.plain import find_not_plain, plain, type_name

MAX_MESSAGE = 300


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
        frames = traceback.extract_tb(cause.__traceback__)[1:] if cause else []
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
    f : the student's function
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
    copies = tuple(_copy_argument(position, arg) for position, arg in enumerate(args, start=1))
    try:
        with warnings.catch_warnings(), contextlib.redirect_stderr(sys.stdout):
            warnings.simplefilter("default")
            warnings.showwarning = lambda message, category, *where: print(
                f"{category.__name__}: {message}"
            )
            result = f(*copies)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise StudentError(type_name(error), _message(error)) from error
    return (plain(result), plain(copies)) if return_args else plain(result)


def _copy_argument(position: int, arg: Any) -> Any:
    if any(arg is function for function in HELPERS.values()):
        return arg
    copied = plain(arg)
    if found := find_not_plain(copied):
        raise TypeError(
            f"argument {position} of the call must be plain data or a helper, got {found.what}; "
            'write helper("...") for a function'
        )
    return copied


def _message(error: BaseException) -> str:
    try:
        text = str(error)
    except BaseException:
        return ""
    printable = "".join(c if c.isprintable() else " " for c in text[: MAX_MESSAGE + 1])
    return printable if len(printable) <= MAX_MESSAGE else printable[: MAX_MESSAGE - 1] + "…"
