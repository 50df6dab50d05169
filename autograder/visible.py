"""Runs a learner's notebook here and now, and says what its visible checks say."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from autograder.course import CourseError
from autograder.wording import UNWRITTEN

_CELL_SECONDS = 60
_GRACE_SECONDS = 10
_COMMAND = [sys.executable, "-m", "autograder.visible"]


@dataclass(frozen=True)
class VisibleResult:
    """One question: passed or not, None if no check is visible; and what its check said."""

    question: str
    passed: bool | None
    said: str | None


def check_notebook(path: Path) -> list[VisibleResult]:
    """Run a notebook from the top and read its test cells' verdicts.

    It runs in a process of its own, in IPython but without a kernel, which takes longer to start.

    Raises
    ------
    CourseError
        If the file cannot be read as a notebook or has no test cell.
    """
    cells = _cells(path)
    if not any(map(_is_test, cells)):
        raise CourseError(f"{path} has no test cells; is it one of the notebooks in exercises/?")
    said = dict(_said(path))
    return [_result(cell, said) for cell in cells if _is_test(cell)]


def write_json(results: list[VisibleResult], path: Path) -> None:
    """Write one entry a question: passed or not, and what was said."""
    from autograder.results import write_atomically  # slow to import where a notebook runs

    entries = {r.question: {"passed": r.passed, "said": r.said} for r in results}
    write_atomically(path, json.dumps(entries, indent=1, ensure_ascii=False) + "\n")


def _cells(path: Path) -> list[Any]:
    try:
        notebook = json.loads(path.read_bytes())
        cells = [{**cell, "source": "".join(cell["source"])} for cell in notebook["cells"]]
        for cell in cells:
            if _is_test(cell):
                str(cell["metadata"]["nbgrader"]["grade_id"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise CourseError(
            f"{path} cannot be read as a notebook ({type(error).__name__}: {error}); open it in "
            "JupyterLab and save it there"
        ) from None
    return cells


def _is_test(cell: Any) -> bool:
    nbgrader = cell["metadata"].get("nbgrader", {})
    return bool(nbgrader.get("grade") and not nbgrader.get("solution"))


def _result(cell: Any, said: dict[str, str | None]) -> VisibleResult:
    question = cell["metadata"]["nbgrader"]["grade_id"]
    has_checks = any(
        line.strip() and not line.lstrip().startswith("#") for line in cell["source"].split("\n")
    )
    if not has_checks:
        return VisibleResult(question, None, None)
    message = said.get(question, "The notebook ended before this check; see the cells above it.")
    return VisibleResult(question, message is None, message)


def _said(path: Path) -> Iterator[tuple[str, str | None]]:
    """Run the notebook and yield what each test cell said, None if it passed."""
    reading, writing = os.pipe()
    quiet = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
    command = [*_COMMAND, str(path), str(writing)]
    with (
        subprocess.Popen(command, pass_fds=[writing], **quiet) as process,  # type: ignore[call-overload]
        os.fdopen(reading, "rb") as answers,
    ):
        os.close(writing)
        running = ""
        try:
            for line in _lines(answers.fileno()):
                if "begins" in line:
                    running = line["begins"]
                else:
                    yield running, line["said"]
                    running = ""
        finally:
            process.kill()
    if running:
        yield running, f"Python ended in this cell, or did not stop after {_CELL_SECONDS} seconds."


def _lines(answers: int) -> Iterator[dict[str, Any]]:
    """Yield what the process reports of each cell, until it ends or hangs."""
    rest = b""
    while select.select([answers], [], [], _CELL_SECONDS + _GRACE_SECONDS)[0]:
        some = os.read(answers, 2**16)
        if not some:
            return
        *lines, rest = (rest + some).split(b"\n")
        yield from map(json.loads, lines)


def _run(path: Path, reports: IO[str]) -> None:
    """Run a notebook's cells in this process; say of each test cell when it begins and ends."""
    cells = _cells(path)
    shell = _shell(path.resolve().parent)
    signal.signal(signal.SIGALRM, _too_long)
    failed: dict[str, str | None] = {}
    for cell in cells:
        if cell["cell_type"] != "code":
            continue
        role = cell["metadata"].get("nbgrader", {})
        question = role.get("grade_id", "")
        if _is_test(cell):
            _report(reports, begins=question)
        said = _run_cell(shell, cell["source"])
        if role.get("solution"):
            failed[question] = said
        elif _is_test(cell):
            broken = failed.get(f"{question}_solution")
            _report(reports, said=_broken(broken) if said and broken else said)


def _broken(said: str) -> str:
    return said if said == UNWRITTEN else f"The cell of your answer did not run. {said}"


def _shell(folder: Path) -> Any:
    """Return an IPython like a kernel's, at work in a folder, that prints no traceback."""
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    os.chdir(folder)
    sys.path[0] = ""
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    shell: Any = InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    shell.showtraceback = shell.showsyntaxerror = lambda *where, **how: None
    return shell


def _run_cell(shell: Any, source: str) -> str | None:
    """Run a cell and say how it failed; None if it ran."""
    signal.alarm(_CELL_SECONDS)
    try:
        result = shell.run_cell(source, store_history=False)
        error = result.error_before_exec or result.error_in_exec
    except TimeoutError as late:
        error = late
    finally:
        signal.alarm(0)
    if error is None:
        return None
    name = type(error).__name__
    if "NotImplementedError" in (name, str(error)):
        return UNWRITTEN
    return str(error) if name in ("CheckFailed", "StudentError") else f"{name}: {error}"


def _too_long(number: int, frame: Any) -> None:
    raise TimeoutError(f"this cell ran for more than {_CELL_SECONDS} seconds")


def _report(reports: IO[str], **facts: Any) -> None:
    reports.write(json.dumps(facts) + "\n")
    reports.flush()


if __name__ == "__main__":
    with os.fdopen(int(sys.argv[2]), "w", encoding="utf-8") as stream:
        _run(Path(sys.argv[1]), stream)
