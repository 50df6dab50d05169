"""Runs a helper of a fixed list on the student's side, where the student's modules are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rnncore.checking.calling import run_students
from rnncore.checking.handle import Handle, remote_of
from rnncore.checking.plain import find_not_plain, plain
from rnncore.checking.recording import note_call
from rnncore.checking.torch_helpers import torch_forward_backward, torch_state_dict

BESIDE: dict[str, Callable[..., Any]] = {
    function.__name__: function for function in (torch_forward_backward, torch_state_dict)
}


def run_beside(name: str, *args: Any) -> Any:
    """Run a helper where the student's answers are, and bring back what it computes.

    A helper gives raw data and never a verdict; `check` compares them with what you expect.

    Parameters
    ----------
    name : str
        ``"torch_forward_backward"`` or ``"torch_state_dict"``: a helper of that name, see
        `torch_forward_backward` and `torch_state_dict`.
    *args
        What the helper takes: the student's answers as they are, plain data as copies.

    Returns
    -------
    plain data
        What the helper returns.

    Raises
    ------
    StudentError
        If the student's code, or torch on what it made, raises anything.
    TypeError
        If some arguments are in a sandbox and another one is not plain data.
    ValueError
        If there is no such helper, or the answers are in different sandboxes.
    """
    if name not in BESIDE:
        raise ValueError(f"run_beside knows no {name!r}; there are {', '.join(sorted(BESIDE))}")
    remotes = [remote_of(arg) for arg in args if type(arg) is Handle]
    if not remotes:
        kept = tuple(_copy(arg) for arg in args)
        return note_call(name, kept, lambda: run_here(name, args), beside=True)
    if any(remote is not remotes[0] for remote in remotes):
        raise ValueError("the answers given to run_beside are in different sandboxes")
    sent = tuple(_copy_to_send(position, arg) for position, arg in enumerate(args, start=1))
    return note_call(name, sent, lambda: remotes[0].beside(name, sent), beside=True)


def run_here(name: str, args: tuple[Any, ...]) -> Any:
    """Run a helper of `BESIDE` in this process, on copies of plain data, and return plain data."""
    copies = tuple(_copy(arg) for arg in args)
    return plain(run_students(BESIDE[name], *copies))


def _copy(arg: Any) -> Any:
    """Copy plain data; anything else is an answer, and stays."""
    copied = plain(arg)
    return arg if find_not_plain(copied) else copied


def _copy_to_send(position: int, arg: Any) -> Any:
    if type(arg) is Handle:
        return arg
    copied = plain(arg)
    if found := find_not_plain(copied):
        raise TypeError(
            f"argument {position} of run_beside must be plain data or an answer, got {found.what}"
        )
    return copied
