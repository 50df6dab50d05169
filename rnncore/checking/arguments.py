"""What a test may hand to an answer: copies of plain data, and helpers by name."""

from __future__ import annotations

from typing import Any

from rnncore.checking.helpers import HELPERS
from rnncore.checking.plain import find_not_plain, plain


def copy_arguments(args: tuple[Any, ...]) -> tuple[Any, ...]:
    """Copy the arguments of a call; helpers stay what they are.

    Raises
    ------
    TypeError
        If an argument is neither plain data nor a helper.
    """
    return tuple(_copy(position, arg) for position, arg in enumerate(args, start=1))


def _copy(position: int, arg: Any) -> Any:
    if any(arg is function for function in HELPERS.values()):
        return arg
    copied = plain(arg)
    if found := find_not_plain(copied):
        raise TypeError(
            f"argument {position} of the call must be plain data or a helper, got {found.what}; "
            'write helper("...") for a function'
        )
    return copied
