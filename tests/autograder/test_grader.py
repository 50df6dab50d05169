"""The grading function: a task in, a result out, whatever becomes of the processes between."""

import base64
import io
import json
import os
import re
import signal

import pytest

from autograder import grader, server
from autograder.course import CourseError
from autograder.limits import Limits
from autograder.results import NotebookResult
from tests.autograder import fuzz, toy

RIGHT = toy.answered(toy.master(), **fuzz.RIGHT)


def task(notebook, master=None, **facts):
    content = notebook if isinstance(notebook, bytes) else json.dumps(notebook).encode()
    return {
        "format": 1,
        "student": "a",
        "assignment": "toy",
        "notebook": "toy",
        "master": json.dumps(master or toy.master()),
        "wrong_answers": toy.WRONG,
        "submission": base64.b64encode(content).decode(),
        "seed": 1,
        "limits": Limits(cell_seconds=1, call_seconds=1).as_json(),
        "library": "",
        **facts,
    }


def grade(notebook, master=None, **facts):
    answer = json.loads(grader.grade_task(json.dumps(task(notebook, master, **facts)).encode()))
    assert answer.keys() == {"result", "notebook"}
    return NotebookResult.from_json(answer["result"]), answer["notebook"]


def test_a_task_has_its_result():
    result, notebook = grade(RIGHT, student="b", seed=7)
    assert (result.student, result.assignment, result.notebook) == ("b", "toy", "toy")
    assert (result.status, result.score, result.max_score, result.manual_max) == ("graded", 4, 4, 2)
    assert result.seed == 7
    assert notebook["metadata"]["grading"] == {"format": 1, "reasons": [], "seed": 7, "log": []}


def test_the_same_task_has_the_same_result():
    spoilt = toy.answered(RIGHT, double_solution="def double(x):\n    return x + 1")
    first, second = (
        re.sub(r'"seconds": [0-9.e-]+', "", json.dumps([result.as_json(), notebook]))
        for result, notebook in (grade(spoilt), grade(spoilt))
    )
    assert first == second


def test_a_file_that_is_no_notebook_is_looked_at():
    result, notebook = grade(b"PK\3\4")
    assert notebook is None
    assert result.status == "needs_look"
    assert result.reasons[0].startswith("toy.ipynb cannot be read as a notebook: it is no")
    assert {q.score for q in result.questions.values()} == {None}


def test_one_notebook_leaves_nothing_to_the_next():
    hostile = """import rnncore.checking, numpy, builtins, os
numpy.isclose = lambda *a, **k: True
rnncore.checking.check = builtins.check = print
open('/tmp/left', 'w').write('x')
double = os._exit"""
    assert grade(toy.answered(RIGHT, double_solution=hostile))[0].score == 1
    assert grade(RIGHT)[0].score == 4
    wrong = toy.answered(RIGHT, double_solution="def double(x):\n    return x")
    assert grade(wrong)[0].score == 1


@pytest.mark.parametrize(
    ("sources", "words"),
    [
        ({"setup": "import numpy as np\n1 / 0"}, "fails: ZeroDivisionError"),
        ({"setup": "import no_such_package"}, "no_such_package, which is not installed"),
        ({"double": "check('double', 1, 1, hidden=True)"}, "calls check with hidden=True"),
    ],
)
def test_a_master_at_fault_is_no_notebooks_fault(sources, words):
    with pytest.raises(CourseError, match=words):
        grade(RIGHT, toy.master(**sources))
    assert grade(RIGHT)[0].score == 4


def test_a_bad_limit_is_an_error_of_the_course():
    with pytest.raises(CourseError, match="positive number"):
        grade(RIGHT, limits={"memory": 0})


def test_a_grader_that_was_killed_is_started_again():
    grade(RIGHT)
    os.kill(grader._slot._process.pid, signal.SIGKILL)
    assert grade(RIGHT)[0].score == 4


def test_a_grader_that_ends_twice_loses_the_notebook_in_words(monkeypatch):
    def end(self, task):
        raise EOFError

    with monkeypatch.context() as patch:
        patch.setattr(grader._Client, "ask", end)
        result, notebook = grade(RIGHT)
    assert notebook is None
    assert result.reasons == ["The grader ended twice while it graded this notebook."]
    assert {q.score for q in result.questions.values()} == {None}
    assert grade(RIGHT)[0].score == 4


def test_slots_of_one_machine_differ():
    first, one = grader._claim_slot()
    second, two = grader._claim_slot()
    first.close()
    third, three = grader._claim_slot()
    second.close()
    third.close()
    assert one != two
    assert three == one


def serve(*tasks):
    """Give tasks to a server in this process: its answers."""
    requests, answers = io.BytesIO(), io.BytesIO()
    for each in tasks:
        content = json.dumps(each).encode()
        requests.write(server.SIZE.pack(len(content)) + content)
    requests.seek(0)
    server.main(requests, answers, 3040)
    answers.seek(0)
    found = []
    while header := answers.read(server.SIZE.size):
        found.append(json.loads(answers.read(server.SIZE.unpack(header)[0])))
    return found


def test_a_fork_that_ends_loses_its_notebook_alone(monkeypatch):
    plain_grade = server.grade_notebook

    def end(task, *arguments):
        if task["student"] == "b":
            os.kill(os.getpid(), signal.SIGKILL)
        return plain_grade(task, *arguments)

    monkeypatch.setattr(server, "grade_notebook", end)
    answers = serve(task(RIGHT), task(RIGHT, student="b"), task(RIGHT, student="c"))
    assert [answer["result"]["score"] for answer in answers[::2]] == [4, 4]
    assert answers[1] == {
        "lost": "The grader could not finish this notebook; nothing of it counts."
    }


def test_a_sandbox_that_was_killed_is_started_again():
    slot = server.Slot(3041)
    try:
        assert json.loads(slot.grade(task(RIGHT)))["result"]["score"] == 4
        (sandbox,) = slot.sandboxes.values()
        sandbox._process.kill()
        sandbox._process.wait()
        assert json.loads(slot.grade(task(RIGHT)))["result"]["score"] == 4
    finally:
        slot.close()


def test_a_sandbox_that_cannot_start_is_an_error_of_the_run(monkeypatch):
    def refuse(self, limits):
        raise CourseError("the sandbox has ended: no word why")

    monkeypatch.setattr("autograder.sandbox.Sandbox.worker", refuse)
    assert serve(task(RIGHT)) == [{"failed": "the sandbox has ended: no word why"}]


def test_forty_mutated_notebooks_have_a_stated_result():
    outcomes = fuzz.fuzz_notebooks(40, seed=2)
    assert {"graded", "needs_look", "unreadable"} <= set(outcomes)


def test_forty_hostile_replies_are_plain_data_or_refused():
    outcomes = fuzz.fuzz_replies(40, seed=2)
    assert {"plain data", "refused"} <= set(outcomes)
    assert set(outcomes) <= {"plain data", "refused", "died", "wall", "time"}
