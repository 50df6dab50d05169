"""The class report: scores, failures, times, item statistics and mistakes, as HTML and CSV."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from autograder.feedback import environment
from autograder.report_figures import figures
from autograder.report_statistics import NO_REASON, Item, Mistake, items, mistakes
from autograder.results import FAILURES, NotebookResult, write_atomically, write_rows

FEW = 5


def write_report(results: Sequence[NotebookResult], folder: Path) -> list[Path]:
    """Write ``report.html`` and three tables as CSV into a folder.

    Parameters
    ----------
    results : sequence of NotebookResult, at least one, all of one assignment
    folder : Path
        Made if it is not there.

    Returns
    -------
    list of Path
        The page first; then questions, mistakes, submissions.
    """
    folder.mkdir(parents=True, exist_ok=True)
    names = list(dict.fromkeys(result.notebook for result in results))
    parts = {name: [r for r in results if r.notebook == name] for name in names}
    every = {name: items(part) for name, part in parts.items()}
    found = mistakes(results)
    page = environment().get_template("class_report/index.html.j2")
    text = page.render(
        assignment=results[0].assignment,
        seeds=sorted({r.seed for r in results if r.seed is not None}),
        students=len({r.student for r in results}),
        parts=[_part(name, parts[name], every[name]) for name in names],
        mistakes=found,
        lost=sum(sum(item.failures.values()) for each in every.values() for item in each),
        looks=[r for r in results if r.reasons],
        logs=[r for r in results if r.log],
    )
    paths = [
        folder / name
        for name in ("report.html", "report.csv", "report-mistakes.csv", "report-submissions.csv")
    ]
    write_atomically(paths[0], text)
    write_rows(_question_rows(every), paths[1])
    write_rows(_mistake_rows(found), paths[2])
    write_rows(_submission_rows(results), paths[3])
    return paths


def _part(name: str, results: Sequence[NotebookResult], every: Sequence[Item]) -> dict[str, Any]:
    """Gather what the page shows of one notebook."""
    graded = [r for r in results if any(q.score is not None for q in r.questions.values())]
    automatic = [item for item in every if not item.manual]
    scores = [r.score for r in graded]
    shown: dict[str, Any] = {
        "notebook": name,
        "handed_in": len(results),
        "graded": len(graded),
        "few": len(graded) < FEW,
        "items": every,
    }
    if not graded:
        return shown
    low, middle, high = (float(q) for q in np.percentile(scores, (25, 50, 75)))
    most = max(r.max_score for r in graded)
    return shown | {
        "mean": float(np.mean(scores)),
        "spread": float(np.std(scores, ddof=1)) if len(scores) > 1 else None,
        "quartiles": (low, middle, high),
        "most": most,
        "remarks": [] if len(graded) < FEW else _remarks(automatic),
        "figures": figures(name, scores, most, automatic) if automatic else [],
    }


def _remarks(every: Sequence[Item]) -> list[tuple[str, str]]:
    """Say which questions an instructor should think about."""
    remarks = []
    for item in every:
        if item.difficulty is not None and item.difficulty < 0.3:
            remarks.append((item.id, f"is hard: the class got {item.difficulty:.0%} of the points"))
        if item.discrimination is not None and item.discrimination < 0.1:
            remarks.append(
                (item.id, "hardly tells strong from weak: does it ask what you mean it to ask?")
            )
        if item.marked and item.full == item.marked:
            remarks.append((item.id, "was lost by nobody"))
    return remarks


def _question_rows(every: dict[str, list[Item]]) -> list[list[Any]]:
    rows: list[list[Any]] = [
        [
            *("notebook", "question", "points", "marked", "full", "mean", "difficulty"),
            *("discrimination", "median_seconds", "longest_seconds", *FAILURES, NO_REASON),
        ]
    ]
    for notebook, part in every.items():
        rows += [
            [
                *(notebook, item.id, item.points, item.marked, item.full, _rounded(item.mean)),
                *(_rounded(item.difficulty), _rounded(item.discrimination)),
                *(_rounded(f(item.seconds)) if item.seconds else None for f in (median, max)),
                *(item.failures[kind] for kind in (*FAILURES, NO_REASON)),
            ]
            for item in part
        ]
    return rows


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 6)


def _mistake_rows(found: Sequence[Mistake]) -> list[list[Any]]:
    rows: list[list[Any]] = [["notebook", "question", "mistake", "count", "lost", "hint"]]
    return rows + [[m.notebook, m.question, m.name, m.count, m.lost, m.hint] for m in found]


def _submission_rows(results: Sequence[NotebookResult]) -> list[list[Any]]:
    rows: list[list[Any]] = [
        ["student", "notebook", "status", "score", "max_score", "seconds", "reasons", "log"]
    ]
    for r in results:
        seconds = _rounded(sum(question.seconds for question in r.questions.values()))
        told = " ".join(r.reasons), " ".join(r.log)
        rows.append([r.student, r.notebook, r.status, r.score, r.max_score, seconds, *told])
    return rows
