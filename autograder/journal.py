"""The journal of a class run: answers of the grader, checked and kept by the hash of their task."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from autograder.assignment import Master
from autograder.course import Course
from autograder.library import ROOT
from autograder.results import NotebookResult

FORMAT = 1
MAX_ANSWER_BYTES = 128 * 2**20
_LIBRARIES = ("numpy", "torch")


@dataclass(frozen=True)
class Task:
    """One notebook to grade: whose it is, what the grader is told, and the hash of that."""

    student: str
    master: Master
    content: bytes
    hash: str


@dataclass(frozen=True)
class Answer:
    """What the grader found, checked; no notebook where the file could not be read as one."""

    result: NotebookResult
    notebook: dict[str, Any] | None

    def remarked(self, remark: str) -> Answer:
        """Return the answer with another reason to look at it, if there is a remark."""
        if not remark:
            return self
        reasons = [*self.result.reasons, remark]
        return replace(self, result=replace(self.result, reasons=reasons))


def make_task(
    student: str,
    assignment: str,
    master: Master,
    submission: bytes,
    *,
    seed: int,
    limits: Mapping[str, Any],
) -> Task:
    """Gather all that a notebook's grading depends on.

    Two students who hand in the same bytes have tasks of the same hash.
    """
    wrong_answers = master.path.with_name("wrong_answers.py")
    facts = {
        "format": FORMAT,
        "assignment": assignment,
        "notebook": master.path.stem,
        "master": master.path.read_text(encoding="utf-8"),
        "wrong_answers": wrong_answers.read_text("utf-8") if wrong_answers.is_file() else "",
        "submission": base64.b64encode(submission).decode("ascii"),
        "seed": seed,
        "limits": dict(limits),
        "library": library_hash(),
    }
    digest = hashlib.sha256(_canonical(facts)).hexdigest()
    return Task(student, master, _canonical({**facts, "student": student}), digest)


def _canonical(facts: Mapping[str, Any]) -> bytes:
    return json.dumps(facts, sort_keys=True, separators=(",", ":")).encode()


@cache
def library_hash() -> str:
    """Return the hash of what grades: `autograder`, `rnncore`, Python, NumPy and torch."""
    digest = hashlib.sha256(platform.python_version().encode())
    for library in _LIBRARIES:
        digest.update(f"{library} {_version(library)}".encode())
    for package in ("autograder", "rnncore"):
        root = ROOT / package
        for path in sorted(root.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(path.relative_to(root).as_posix().encode())
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "absent"


class Journal:
    """Answers under ``classroom/journal/<assignment>/<student>/<notebook>-<hash>.json``."""

    def __init__(self, course: Course, assignment: str) -> None:
        self.folder = course.classroom / "journal" / assignment

    def find(self, task: Task) -> Answer | None:
        """Return the answer to a task; None if there is none, or none that holds."""
        path = self._path(task)
        try:
            answer = read_answer(path.read_bytes(), task)
        except (FileNotFoundError, ValueError):
            return None
        _forget_earlier(path)
        return answer

    def keep(self, task: Task, content: bytes) -> None:
        """Keep an answer, in place of those to the notebook's earlier tasks."""
        path = self._path(task)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content)
        _forget_earlier(path)

    def _path(self, task: Task) -> Path:
        return self.folder / task.student / f"{task.master.path.stem}-{task.hash}.json"


def _forget_earlier(path: Path) -> None:
    notebook = path.stem.rpartition("-")[0]
    for other in path.parent.glob("*.json"):
        if other.stem.rpartition("-")[0] == notebook and other != path:
            other.unlink()


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that a reader, even after a crash, finds the old or the new one whole."""
    unfinished = path.with_name(f".{path.name}.part")
    with unfinished.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


def read_answer(content: bytes, task: Task) -> Answer:
    """Check an answer of the grader, which may have come from another machine.

    Raises
    ------
    ValueError
        If it is not one to this task, whole and within the points; the message says why.
    """
    if len(content) > MAX_ANSWER_BYTES:
        raise ValueError(f"the answer has more than {MAX_ANSWER_BYTES} bytes")
    try:
        answer = json.loads(content)
    except RecursionError:
        raise ValueError("the answer is nested too deeply") from None
    if not isinstance(answer, dict) or answer.keys() != {"result", "notebook"}:
        raise ValueError("an answer holds a result and a notebook, and nothing else")
    result = NotebookResult.from_json(answer["result"])
    _check_result(result, task)
    if answer["notebook"] is not None:
        _check_notebook(answer["notebook"])
    return Answer(result, answer["notebook"])


def _check_result(result: NotebookResult, task: Task) -> None:
    if (result.student, result.notebook) != (task.student, task.master.path.stem):
        raise ValueError("the answer is about another notebook")
    wanted = task.master.questions
    if result.questions.keys() != wanted.keys():
        raise ValueError("the answer is about other questions")
    for name, found in result.questions.items():
        if (found.max_score, found.manual) != (wanted[name].points, wanted[name].manual):
            raise ValueError(f"the answer gives {name} other points or another kind")


def _check_notebook(notebook: Any) -> None:
    """Let through what the grader writes: text, code, plain stdout and one error a cell."""
    fields = {"cells", "metadata", "nbformat", "nbformat_minor"}
    if not isinstance(notebook, dict) or notebook.keys() != fields or notebook["nbformat"] != 4:
        raise ValueError("the answer's notebook is none of format 4")
    if not isinstance(notebook["cells"], list) or not isinstance(notebook["metadata"], dict):
        raise ValueError("the answer's notebook has no list of cells")
    for cell in notebook["cells"]:
        if (
            not isinstance(cell, dict)
            or cell.get("cell_type") not in ("code", "markdown", "raw")
            or not isinstance(cell.get("source"), str)
            or not isinstance(cell.get("metadata"), dict)
            or "attachments" in cell
            or not all(map(_is_plain, cell.get("outputs", [])))
        ):
            raise ValueError("the answer's notebook has a cell of another form")


def _is_plain(output: Any) -> bool:
    if not isinstance(output, dict):
        return False
    if output.get("output_type") == "stream":
        return output.get("name") == "stdout" and isinstance(output.get("text"), str)
    return output.get("output_type") == "error" and all(
        isinstance(output.get(name), str) for name in ("ename", "evalue")
    )
