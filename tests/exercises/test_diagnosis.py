"""The autograder marks solutions, stubs and mistakes rightly, and names each mistake."""

import base64
import functools
import json

import pytest

from autograder.assignment import Kind
from autograder.grader import grade_task
from autograder.limits import Limits
from rnncore.checking import load_wrong_answers

# Nobody's known mistake: none may be given a name.
FOREIGN = """
import dataclasses
import numpy as np


def _leaves(change, value):
    if isinstance(value, (bool, str)) or value is None:
        return value
    if isinstance(value, (int, float, np.number, np.ndarray)):
        return change(value)
    if isinstance(value, (tuple, list)):
        return type(value)(_leaves(change, part) for part in value)
    if isinstance(value, dict):
        return {key: _leaves(change, part) for key, part in value.items()}
    if dataclasses.is_dataclass(value):
        fields = {name: _leaves(change, part) for name, part in vars(value).items()}
        return dataclasses.replace(value, **fields)
    return value


def _raise(*args):
    raise LookupError("a foreign mistake")


CHANGES = [
    lambda value: value + 977,
    lambda value: value * 31 + 5,
    lambda value: value - 1234,
    lambda value: value * -7 - 3,
    lambda value: value * value + 77,
    lambda value: 4321 - value,
]


def spoil(answer, how):
    if how == 6:
        return _raise if callable(answer) else "a foreign mistake"
    if how == 7:
        return (lambda *args: {"foreign": args}) if callable(answer) else {"foreign": 1}
    if how == 8:
        return (lambda *args: "a foreign mistake") if callable(answer) else 10**9
    if how == 9:
        return (lambda *args: [answer(*args)] * 3) if callable(answer) else [answer] * 3
    change = CHANGES[how]
    if callable(answer):
        return lambda *args: _leaves(change, answer(*args))
    return _leaves(change, answer)
"""


def submission(master, first="", **after):
    """Return the master's notebook with a cell in front and lines after its solutions."""
    notebook = json.loads(json.dumps(master.notebook))
    for raw, cell in zip(notebook["cells"], master.cells, strict=True):
        if cell.kind is Kind.SOLUTION:
            raw["source"] = cell.source + "\n" + after.get(cell.grade_id, "")
    extra = {
        "cell_type": "code",
        "id": "first",
        "metadata": {},
        "source": first,
        "outputs": [],
        "execution_count": None,
    }
    setup = next(i for i, cell in enumerate(master.cells) if cell.kind is Kind.SETUP)
    notebook["cells"].insert(setup + 1, extra)
    return json.dumps(notebook).encode()


def wrong_text(master):
    return (master.path.parent / "wrong_answers.py").read_text()


def graded(master, handed_in, seed=1):
    task = {
        "format": 1,
        "student": "a",
        "assignment": master.path.parent.name,
        "notebook": master.path.stem,
        "master": master.path.read_text(),
        "wrong_answers": wrong_text(master),
        "submission": base64.b64encode(handed_in).decode(),
        "seed": seed,
        "limits": Limits().as_json(),
        "library": "",
    }
    return json.loads(grade_task(json.dumps(task).encode()))["result"]


def automatic(result):
    return {name: q for name, q in result["questions"].items() if not q["manual"]}


def records(master):
    found = load_wrong_answers(master.path.parent / "wrong_answers.py")
    return [record for record in found if record.question in master.questions]


@functools.cache
def matrix(path, read):
    """Give each wrong answer in turn, one of each question a notebook: what came of it."""
    master = read(path)
    by_question = {}
    for record in records(master):
        by_question.setdefault(record.question, []).append(record)
    came = {}
    first = (
        "from pathlib import Path\nfrom rnncore.checking import load_wrong_answers\n"
        f"Path('/tmp/w.py').write_text({wrong_text(master)!r})\n"
        "RECORDS = {(r.question, r.label): r.answer for r in load_wrong_answers('/tmp/w.py')}"
    )
    for turn in range(max(map(len, by_question.values()))):
        given = {name: known[turn] for name, known in by_question.items() if turn < len(known)}
        lines = {}
        for question, record in given.items():
            name = record.name or next(iter(master.questions[question].names))
            lines[f"{question}_solution"] = f"{name} = RECORDS[{question!r}, {record.label!r}]"
        result = graded(master, submission(master, first, **lines))
        assert result["reasons"] == []
        for question, record in given.items():
            came[question, record.label] = record, result["questions"][question]
    return came


@pytest.fixture
def came(master):
    from tests.exercises.conftest import _master

    return matrix(master.path, _master)


def test_the_solution_gets_full_marks_and_no_name(master, seed):
    result = graded(master, submission(master), seed)
    assert (result["status"], result["score"]) == ("graded", result["max_score"])
    assert {q["failure"] for q in automatic(result).values()} == {None}
    assert {q["mistake"] for q in automatic(result).values()} == {None}


def test_the_untouched_stub_gets_nothing_and_no_name(master, released):
    result = graded(master, json.dumps(released[master.path.stem]).encode())
    assert (result["status"], result["score"]) == ("graded", 0)
    assert {q["failure"] for q in automatic(result).values()} == {"unwritten"}
    assert {q["mistake"] for q in automatic(result).values()} == {None}


def test_each_wrong_answer_loses_its_question_here_too(came):
    passing = [key for key, (_, question) in came.items() if question["score"]]
    assert passing == []


def test_mistakes_are_named_rightly(came):
    right = [key for key, (record, q) in came.items() if q["hint"] == record.hint]
    wrong = {
        key: q["mistake"]
        for key, (record, q) in came.items()
        if q["hint"] not in (None, record.hint)
    }
    unnamed = {key: (q["failure"], q["said"]) for key, (_, q) in came.items() if q["hint"] is None}
    assert len(right) >= 0.9 * len(came), (unnamed, wrong)
    assert len(wrong) <= 0.02 * len(came), wrong


def test_foreign_mistakes_get_no_name(master):
    named = {}
    for how in range(10):
        lines = {}
        for question in master.questions.values():
            lines[f"{question.id}_solution"] = "\n".join(
                f"{name} = spoil({name}, {how})" for name in question.names
            )
        result = graded(master, submission(master, FOREIGN, **lines))
        for name, question in automatic(result).items():
            assert question["score"] == 0 or question["failure"] is None, name
            if question["mistake"] is not None:
                named[how, name] = question["mistake"]
    assert named == {}
