"""Runs a learner's notebook here and now, and says what its visible checks say."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

from autograder.course import CourseError

_CELL_SECONDS = 60


@dataclass(frozen=True)
class VisibleResult:
    """One question: passed or not, None if no check is visible; and what its check said."""

    question: str
    passed: bool | None
    said: str | None


def check_notebook(path: Path) -> list[VisibleResult]:
    """Run a notebook from the top and read its test cells' verdicts.

    Raises
    ------
    CourseError
        If the file cannot be read as a notebook or has no test cell.
    """
    try:
        notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, nbformat.reader.NotJSONError) as error:
        raise CourseError(f"{path} cannot be read as a notebook: {error}") from None
    if not any(map(_is_test, notebook.cells)):
        raise CourseError(f"{path} has no test cells; is it one of the notebooks in exercises/?")
    client = NotebookClient(
        notebook,
        timeout=_CELL_SECONDS,
        interrupt_on_timeout=True,
        allow_errors=True,
        kernel_name="python3",
        shutdown_kernel="immediate",
        extra_arguments=["--IPKernelApp.log_level=40"],
        resources={"metadata": {"path": str(path.parent)}},
    )
    client.execute()
    return [_result(cell) for cell in notebook.cells if _is_test(cell)]


def write_json(results: list[VisibleResult], path: Path) -> None:
    """Write one entry a question: passed or not, and what was said."""
    entries = {r.question: {"passed": r.passed, "said": r.said} for r in results}
    path.write_text(json.dumps(entries, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _is_test(cell: Any) -> bool:
    nbgrader = cell.metadata.get("nbgrader", {})
    return bool(nbgrader.get("grade") and not nbgrader.get("solution"))


def _result(cell: Any) -> VisibleResult:
    said = _said(cell)
    has_checks = any(
        line.strip() and not line.lstrip().startswith("#") for line in cell.source.split("\n")
    )
    passed = said is None if has_checks else None
    return VisibleResult(cell.metadata.nbgrader["grade_id"], passed, said)


def _said(cell: Any) -> str | None:
    for output in cell.outputs:
        if output.output_type == "error":
            if "NotImplementedError" in (output.ename, output.evalue):
                return "This part is not written yet."
            if output.ename in ("CheckFailed", "StudentError"):
                return str(output.evalue)
            return f"{output.ename}: {output.evalue}"
        if output.output_type == "stream" and output.name == "stderr":
            return f"written to stderr: {output.text.strip()}"
    return None
