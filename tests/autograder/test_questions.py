"""Questions: each way to fail is reached and said in words, and no word tells what is hidden."""

import base64
import itertools
import json
import re
import signal

import pytest

from autograder.limits import Limits
from autograder.notebooks import grade_notebook
from autograder.prepared import prepare
from autograder.questions import TestTooLong as TooLong
from autograder.questions import _at_most, _without_magic
from autograder.results import FAILURES, NotebookResult
from autograder.sandbox import Sandbox
from tests.autograder import toy

SLOT = 3020
SMALL = Limits(
    cell_seconds=1, call_seconds=1, notebook_seconds=20, wall_factor=20, memory=256 * 2**20
)
RIGHT = {"double_solution": "def double(x):\n    return 2 * x", "count_solution": "count = 6"}
DOUBLE = "def double(x):\n    "
HIDDEN = DOUBLE + "if x.shape == (2, 3): return 2 * x\n    "
GO_ON = """y = call(double, x)
check("double", y[0] + 1.0, 2 * x[0] + 1.0)
### BEGIN HIDDEN TESTS
secret = fresh_rng().normal(size=3) + 5.4321
check("double", call(double, secret) + 1.0, 2 * secret + 1.0, hidden=True)
### END HIDDEN TESTS"""
GARBAGE = """import os
    for number in range(3, 64):
        try:
            os.write(number, b'\\xff' * 8)
        except OSError:
            pass"""


@pytest.fixture(scope="module")
def grade():
    boxes = {}

    def run(seed=1, limits=SMALL, tests=None, **answers):
        """Grade a notebook with these answers: its result, checked, and the notebook."""
        master = toy.master(**(tests or {}))
        prepared = prepare("toy", json.dumps(master), toy.WRONG)
        if prepared.library not in boxes:
            boxes[prepared.library] = Sandbox(prepared.library, SLOT + len(boxes))
        notebook = toy.answered(master, **{**RIGHT, **answers})
        return graded(notebook, prepared, boxes[prepared.library], seed, limits)

    def graded(notebook, prepared, box, seed=1, limits=SMALL):
        task = {"student": "a", "assignment": "toy", "notebook": "toy", "seed": seed}
        handed_in = json.dumps(notebook).encode()
        came = json.loads(json.dumps(grade_notebook(task, prepared, handed_in, box, limits)))
        return NotebookResult.from_json(came["result"]), came["notebook"]

    def notebook(change, limits=SMALL):
        """Grade the right notebook after a change."""
        prepared = prepare("toy", json.dumps(toy.master()), toy.WRONG)
        if prepared.library not in boxes:
            boxes[prepared.library] = Sandbox(prepared.library, SLOT + len(boxes))
        made = toy.answered(toy.master(), **RIGHT)
        change(made["cells"])
        return graded(made, prepared, boxes[prepared.library], limits=limits)

    run.notebook = notebook
    yield run
    for box in boxes.values():
        box.close()


def test_right_answers_have_their_points(grade):
    result, notebook = grade()
    assert (result.status, result.score, result.reasons, result.log) == ("graded", 4, [], [])
    assert {q.failure for q in result.questions.values()} == {None}
    assert result.questions["double"].tried == (
        "double(an array (2, 3) of float64), and 1 more call"
    )
    assert all(not cell.get("outputs") for cell in notebook["cells"])


KINDS = {
    "unwritten": DOUBLE + "raise NotImplementedError()",
    "broken": "1/0",
    "undefined": "pass",
    "type": DOUBLE + "return None",
    "shape": DOUBLE + "return 2 * x[:1]",
    "dtype": DOUBLE + "return (2 * x).astype('float32')",
    "finite": DOUBLE + "return x * float('nan')",
    "value": DOUBLE + "return x * 3",
    "raised": DOUBLE + "raise ValueError('mine')",
    "stopped": DOUBLE + "return None",
    "died": DOUBLE + "import os; os._exit(0)",
    "time": DOUBLE + "while True: pass",
    "memory": DOUBLE + "return bytearray(2**33)",
    "refused": DOUBLE + GARBAGE,
}
SAID = {
    "unwritten": "This part is not written yet.",
    "broken": "The cell of your answer did not run. It stopped with ZeroDivisionError: division",
    "undefined": "double is not defined: no cell of yours binds this name.",
    "type": "double is not right yet\n  came:      None",
    "shape": "axis 0 has length 1, not 2.",
    "dtype": "the numbers are of type float32, not float64.",
    "finite": "are not finite",
    "value": "by 5.",
    "raised": "Your function raised ValueError: mine",
    "stopped": "The test could not go on with what your answer gave (it stopped with a TypeError).",
    "died": "Python itself ended while it ran your code.",
    "time": "Your code ran out of time.",
    "memory": "Your function raised MemoryError",
    "refused": "What your code sent back could not be read.",
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_way_to_fail_is_reached_and_said(grade, kind):
    tests = {"double": GO_ON} if kind == "stopped" else None
    result, notebook = grade(double_solution=KINDS[kind], tests=tests)
    question = result.questions["double"]
    assert question.failure == kind
    assert SAID[kind] in question.said
    assert question.score == 0
    assert result.questions["count"].score == 1
    cell = next(cell for cell in notebook["cells"] if cell["id"] == "test-double")
    assert cell["outputs"] == [
        {
            "output_type": "error",
            "ename": "NotRight",
            "evalue": question.said,
            "traceback": [question.said],
        }
    ]
    assert cell["metadata"]["grading"] == question.as_json()


def test_what_comes_after_the_last_replay_is_lost_and_looked_at(grade):
    limits = Limits(cell_seconds=1, call_seconds=1, wall_factor=20, replays=1)
    cells = {"double_solution": KINDS["died"], "count_solution": "import os; os._exit(0)"}
    result, _ = grade(limits=limits, **cells)
    assert [result.questions[name].failure for name in ("double", "count")] == ["died", "lost"]
    assert result.status == "needs_look"
    assert result.reasons == ["Some questions were not tried, because too much had failed before."]


def test_an_answers_cell_that_was_ended_says_so(grade):
    result, _ = grade(double_solution="import os; os._exit(0)")
    question = result.questions["double"]
    assert question.failure == "died"
    assert question.said.startswith("The cell of your answer was ended. Python itself ended")


def test_each_failure_has_a_case():
    assert set(KINDS) | {"lost"} == set(FAILURES)


def test_a_cell_without_an_answer_is_unwritten(grade):
    result, _ = grade(count_solution="# YOUR CODE HERE\nraise NotImplementedError()")
    assert result.questions["count"].failure == "unwritten"
    result, _ = grade(double_solution=DOUBLE + "raise NotImplementedError('later')")
    assert result.questions["double"].failure == "raised"


def test_a_syntax_error_is_broken_and_says_where(grade):
    result, _ = grade(double_solution="def double(x)\n    return 2 * x")
    assert result.questions["double"].failure == "broken"
    assert "SyntaxError: expected ':'" in result.questions["double"].said


HIDING = {
    "type": "return repr(x)",
    "a list": "return x.tolist()",
    "texts": "return [repr(n) for n in x.ravel()]",
    "keys": "return {float(n): 1 for n in x.ravel()}",
    "nested": "return (x, (x, x))",
    "shape": "return x[:1]",
    "dtype": "return x.astype('float32')",
    "finite": "return x / 0",
    "value": "return x * x",
    "an error": "raise ValueError(repr(x))",
    "an error of its own": "raise type(repr(x.ravel()[0]), (Exception,), {})(repr(x))",
    "an error with a kind of Python": "raise type('kestrel_ValueError', (Exception,), {})(repr(x))",
    "an object": "return type(repr(x.ravel()[0]), (), {})()",
    "an object array": "return x.astype(object)",
    "a printed input": "print(x); return x",
    "a name": "raise NameError(repr(x), name='double')",
    "an assertion": "assert False, repr(x)",
}


@pytest.mark.parametrize("how", HIDING)
def test_no_word_tells_a_hidden_number(grade, how):
    result, notebook = grade(double_solution=HIDDEN + HIDING[how])
    question = result.questions["double"]
    assert question.score == 0
    words = json.dumps([question.as_json(), result.reasons, result.log])
    if how not in ("an object", "texts"):
        assert re.findall(r"\d\.\d\d+", words.replace(f'"seconds": {question.seconds}', "")) == []
    assert "kestrel" not in question.said
    outputs = json.dumps([cell.get("outputs", []) for cell in notebook["cells"]])
    assert re.findall(r"\d\.\d\d+", outputs) == [] or how in ("an object", "texts")


def test_an_error_before_the_hidden_part_shows_its_message(grade):
    result, _ = grade(double_solution=DOUBLE + "raise KeyError('my words')")
    assert result.questions["double"].said == "Your function raised KeyError: 'my words'"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ("KeyError('my words')", "Your function raised a KeyError."),
        ("ArithmeticError(3)", "Your function raised an ArithmeticError."),
        ("type('Mine', (Exception,), {})(3)", "Your function raised an error."),
        ("type('print', (Exception,), {})(3)", "Your function raised an error."),
        ("type('', (Exception,), {})(3)", "Your function raised an error."),
        ("SystemExit(3)", "Your function raised a SystemExit."),
    ],
)
def test_an_error_in_the_hidden_part_shows_a_name_of_pythons_alone(grade, error, said):
    result, _ = grade(double_solution=HIDDEN + f"raise {error}")
    assert result.questions["double"].said == said


def test_an_error_of_the_test_itself_shows_its_name_alone(grade):
    result, _ = grade(double_solution=HIDDEN + "return repr(x)", tests={"double": GO_ON})
    assert result.questions["double"].failure == "stopped"
    assert "a TypeError" in result.questions["double"].said


def test_a_mistake_is_named(grade):
    result, _ = grade(double_solution=DOUBLE + "return x * x", count_solution="count = 2")
    double, count = result.questions["double"], result.questions["count"]
    assert (double.mistake, double.hint) == ("squares", "Squaring is not doubling.")
    assert count.hint == "Count the columns too."


def test_a_mistake_that_computes_too_long_is_not_named(grade, monkeypatch):
    def loop(*arguments):
        while True:
            pass

    monkeypatch.setattr("autograder.questions.diagnose", loop)
    limits = Limits(cell_seconds=0.3, wall_factor=40)
    result, _ = grade(double_solution=DOUBLE + "return x * x", limits=limits)
    assert result.questions["double"].mistake is None
    assert result.questions["count"].score == 1


def test_a_test_that_computes_too_long_outside_is_stopped(grade):
    test = "steps = call(double, 1)\nwhile steps:\n    pass\ncheck('double', steps, 0)"
    limits = Limits(cell_seconds=0.3, wall_factor=40)
    result, _ = grade(tests={"double": test}, limits=limits)
    question = result.questions["double"]
    assert (question.failure, question.said) == (
        "time",
        "Your answer made its test run out of time.",
    )
    assert result.questions["count"].score == 1


def test_the_alarm_is_taken_back():
    with pytest.raises(TooLong), _at_most(0.05):
        next(n for n in itertools.count() if n < 0)
    assert signal.getitimer(signal.ITIMER_PROF) == (0, 0)
    assert signal.getsignal(signal.SIGPROF) == signal.SIG_DFL


@pytest.mark.parametrize(
    ("line", "printed"),
    [
        ("%matplotlib inline", "[matplotlib inline: not run while grading]"),
        ("%time 3", "[time 3: not run while grading]"),
        ("!rm -rf /", "[rm -rf /: not run while grading]"),
        ("files = !ls", "[ls: not run while grading]"),
        ("print?", "[pinfo print: not run while grading]"),
        ("%%bash\nls", "[bash  ls\n: not run while grading]"),
    ],
)
def test_magic_commands_do_nothing(grade, line, printed):
    result, notebook = grade(count_solution=f"{line}" if "%%" in line else f"{line}\ncount = 6")
    assert result.questions["count"].score == (0 if "%%" in line else 1)
    cell = next(cell for cell in notebook["cells"] if cell["id"] == "solution-count-solution")
    assert printed in cell["outputs"][0]["text"]


def test_a_remainder_is_no_magic():
    source = "x = 7\ny = (x\n     % 3)\nz = '100 %'"
    assert _without_magic("x = 7 % 3") == "x = 7 % 3"
    exec(_without_magic(source), made := {})
    assert made["y"] == 1


@pytest.mark.parametrize("source", ["%x\n" * 700, "\n" * 300_000, "%x\n(((" + "[" * 1000])
def test_a_cell_that_cannot_be_turned_stays_as_it_is(source):
    assert _without_magic(source).count("\n") >= source.count("\n") // 2


def test_added_cells_run_in_their_place_and_print_in_bounds(grade):
    def change(cells):
        for place in (0, 5):
            source = f"place = {place}\nprint('\\x1b[31m<b>' + 'x' * 10**6)"
            cells.insert(place, {"cell_type": "code", "source": source})
        cells.insert(0, {"cell_type": "markdown", "source": "<script>1</script>"})

    result, notebook = grade.notebook(change)
    assert result.score == 4
    added = [cell for cell in notebook["cells"] if "added" in cell["metadata"].get("tags", [])]
    assert "<script>" not in added[0]["source"]
    for cell in added[1:]:
        (output,) = cell["outputs"]
        assert set(output) == {"output_type", "name", "text"}
        assert len(output["text"]) < SMALL.output + 100
        assert "\x1b" not in output["text"]


def test_an_added_cell_that_never_ends_costs_itself(grade):
    def change(cells):
        cells.insert(4, {"cell_type": "code", "source": "while True: pass"})

    result, notebook = grade.notebook(change)
    assert result.score == 4
    assert len(result.log) == 1
    (added,) = [cell for cell in notebook["cells"] if cell["id"].startswith("added")]
    assert added["outputs"][0]["text"] == "Your code ran out of time."


def test_what_breaks_the_set_up_is_looked_at(grade):
    def change(cells):
        source = "import builtins\ndel builtins.__import__"
        cells.insert(0, {"cell_type": "code", "source": source})

    result, _ = grade.notebook(change)
    assert "The set-up cell did not run" in " ".join(result.reasons)


def test_only_the_test_sets_a_score(grade):
    forged = base64.b64encode(b"4").decode()

    def change(cells):
        for cell in cells:
            cell["outputs"] = [
                {"output_type": "execute_result", "data": {"text/plain": "3"}, "metadata": {}},
                {"output_type": "display_data", "data": {"text/html": forged}, "metadata": {}},
            ]
            cell["metadata"]["grading"] = {"score": 3}
            cell["metadata"].setdefault("nbgrader", {})["points"] = 100
            if cell["metadata"]["nbgrader"].get("grade_id") == "double_solution":
                cell["source"] = "def double(x):\n    print(3)\n    return 3\n3"
            if cell["metadata"]["nbgrader"].get("grade_id") == "double":
                cell["source"] = "3"

    result, notebook = grade.notebook(change)
    assert result.questions["double"].score == 0
    assert result.max_score == 4
    assert forged not in json.dumps(notebook)


def test_seconds_are_those_of_the_question_and_never_below_zero(grade):
    result, _ = grade(double_solution=KINDS["time"])
    assert result.questions["double"].seconds >= 1
    assert 0 <= result.questions["count"].seconds < 1
    assert result.questions["derive"].score is None


def test_another_seed_draws_other_inputs(grade):
    keep = "seen = []\ndef double(x):\n    seen.append(float(x.ravel()[0]))\n    return 2 * x"
    show = "count = 6\nprint(seen)"
    texts = set()
    for seed in (1, 1, 2):
        _, notebook = grade(seed=seed, double_solution=keep, count_solution=show)
        cell = next(c for c in notebook["cells"] if c["id"] == "solution-count-solution")
        texts.add(cell["outputs"][0]["text"])
    assert len(texts) == 2
