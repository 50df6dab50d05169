"""What a class made of each question: difficulty, discrimination, failures, named mistakes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from autograder.results import NotebookResult

NO_REASON = "no reason noted"


@dataclass(frozen=True)
class Item:
    """What a class made of one question; a share lies between 0 and 1.

    Parameters
    ----------
    number : int
        Its place in the notebook, from 1.
    id : str
    points : float
    manual : bool
    marked : int
        How many submissions have a score.
    full : int
        How many have all points.
    mean : float or None
        Of the scores, in points.
    discrimination : float or None
        Correlation of the score with the score of all other automatic questions; None where
        fewer than three submissions, or no differences, leave it undefined.
    failures : Counter of kinds
    seconds : list of float
        CPU seconds of each submission.
    """

    number: int
    id: str
    points: float
    manual: bool
    marked: int
    full: int
    mean: float | None
    discrimination: float | None
    failures: Counter[str]
    seconds: list[float]

    @property
    def difficulty(self) -> float | None:
        """Share of the points that the class got, so that a low number is a hard question."""
        return None if self.mean is None or not self.points else self.mean / self.points

    @property
    def lost_by(self) -> str:
        """The commonest failures in words."""
        told = [f"{kind} {count}" for kind, count in self.failures.most_common(3)]
        others = sum(count for _, count in self.failures.most_common()[3:])
        return ", ".join([*told, f"others {others}"] if others else told)

    @property
    def milliseconds(self) -> str:
        """The median CPU time in words."""
        return f"{1000 * median(self.seconds):.3g} ms" if self.seconds else "n/a"


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that the course knows, and how often it came."""

    notebook: str
    question: str
    name: str
    hint: str
    count: int
    lost: int


def items(results: Sequence[NotebookResult]) -> list[Item]:
    """Return the statistics of each question of one notebook."""
    names = list(dict.fromkeys(name for result in results for name in result.questions))
    return [_item(number, name, results) for number, name in enumerate(names, start=1)]


def _item(number: int, name: str, results: Sequence[NotebookResult]) -> Item:
    pairs = [(r, r.questions[name]) for r in results if name in r.questions]
    marked = [(r, q, q.score) for r, q in pairs if q.score is not None]
    scores = [score for _, _, score in marked]
    rests = [r.score - (0.0 if q.manual else score) for r, q, score in marked]
    lost = [q for _, q, score in marked if not q.manual and score < q.max_score]
    question = pairs[0][1]
    return Item(
        number=number,
        id=name,
        points=question.max_score,
        manual=question.manual,
        marked=len(marked),
        full=sum(score >= q.max_score for _, q, score in marked),
        mean=float(np.mean(scores)) if scores else None,
        discrimination=_correlation(scores, rests),
        failures=Counter(q.failure or NO_REASON for q in lost),
        seconds=[q.seconds for _, q, _ in marked],
    )


def _correlation(scores: Sequence[float], rests: Sequence[float]) -> float | None:
    if len(scores) < 3 or np.ptp(scores) < 1e-9 or np.ptp(rests) < 1e-9:
        return None
    return float(np.corrcoef(scores, rests)[0, 1])


def mistakes(results: Sequence[NotebookResult]) -> list[Mistake]:
    """Return the known wrong answers that came, the commonest first."""
    hints: dict[tuple[str, str, str], str] = {}
    counts: Counter[tuple[str, str, str]] = Counter()
    lost: Counter[tuple[str, str]] = Counter()
    for result in results:
        for name, question in result.questions.items():
            if question.failure:
                lost[result.notebook, name] += 1
            if question.mistake:
                key = result.notebook, name, question.mistake
                hints[key] = question.hint or ""
                counts[key] += 1
    return [Mistake(*key, hints[key], count, lost[key[:2]]) for key, count in counts.most_common()]
