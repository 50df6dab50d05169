"""Grades one notebook, from the bytes handed in to the notebook that an instructor opens."""

from __future__ import annotations

from typing import Any

from autograder.harmless import harmless_markdown
from autograder.limits import Limits
from autograder.prepared import Prepared
from autograder.questions import Asked, ask
from autograder.rebuild import Rebuilt, Unreadable, rebuild
from autograder.results import NotebookResult, QuestionResult, clean_text
from autograder.sandbox import Sandbox
from autograder.session import Session

FORMAT = 1


def grade_notebook(
    task: dict[str, Any], prepared: Prepared, handed_in: bytes, sandbox: Sandbox, limits: Limits
) -> dict[str, Any]:
    """Grade the bytes of one file.

    Parameters
    ----------
    task : dict
        Of it ``student``, ``assignment``, ``notebook`` and ``seed``.
    prepared : Prepared
    handed_in : bytes
    sandbox : Sandbox
    limits : Limits

    Returns
    -------
    dict
        ``result``, a `NotebookResult` as JSON, and ``notebook``, None if the file is unreadable.
    """
    place = task["student"], task["assignment"], task["notebook"]
    try:
        rebuilt = rebuild(prepared.master, handed_in)
    except Unreadable as error:
        reason = f"{task['notebook']}.ipynb cannot be read as a notebook: {error}."
        result = NotebookResult(*place, [reason], unmarked(prepared), seed=task["seed"])
        return {"result": result.as_json(), "notebook": None}
    session = Session(sandbox, limits)
    try:
        asked = ask(prepared, rebuilt.notebook["cells"], session, limits, task["seed"])
    finally:
        session.close()
    result = NotebookResult(
        *place,
        [clean_text(reason) for reason in [*rebuilt.reasons, *asked.reasons]],
        asked.questions,
        seed=task["seed"],
        log=[clean_text(line) for line in [*rebuilt.log, *session.log]],
    )
    return {"result": result.as_json(), "notebook": _written(rebuilt, asked, result)}


def unmarked(prepared: Prepared) -> dict[str, QuestionResult]:
    """Return results for a notebook of which nothing could be graded."""
    return {
        question.id: QuestionResult(None, question.points, question.manual)
        for question in prepared.master.questions.values()
    }


def _written(rebuilt: Rebuilt, asked: Asked, result: NotebookResult) -> dict[str, Any]:
    """Write what came of each cell into the notebook; nothing but plain text is put out."""
    notebook = rebuilt.notebook
    for cell in notebook["cells"]:
        facts = cell["metadata"].get("nbgrader", {})
        is_students = "added" in cell["metadata"].get("tags", []) or facts.get("solution", False)
        if cell["cell_type"] != "code":
            if is_students:
                cell["source"] = harmless_markdown(cell["source"])
            continue
        cell["execution_count"] = None
        cell["outputs"] = []
        question = asked.questions.get(facts.get("grade_id", ""))
        if question is not None and not facts["solution"]:
            cell["metadata"]["grading"] = question.as_json()
            if question.said is not None:
                said = clean_text(question.said)
                cell["outputs"] = [
                    {
                        "output_type": "error",
                        "ename": "NotRight",
                        "evalue": said,
                        "traceback": [said],
                    }
                ]
        elif is_students and asked.printed.get(cell["id"]):
            text = clean_text(asked.printed[cell["id"]], limit=100_000)
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": text}]
    notebook["metadata"]["grading"] = {
        "format": FORMAT,
        "reasons": result.reasons,
        "seed": result.seed,
        "log": result.log,
    }
    return notebook
