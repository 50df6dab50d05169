"""`autograder check`: a learner's notebook, run here, with what each visible check says."""

import json
import re
import shutil
import subprocess
import sys
import time

import pytest

from autograder import visible
from autograder.course import Course, CourseError
from autograder.release import release
from autograder.visible import check_notebook
from tests.autograder import toy
from tests.autograder.kill import RIGHT


@pytest.fixture(scope="module")
def exercises(tmp_path_factory):
    root = toy.write_course(tmp_path_factory.mktemp("course"))
    release(Course.at(root))
    return root / "exercises/toy"


def check(exercises, tmp_path, **answers):
    folder = shutil.copytree(exercises, tmp_path / "mine", dirs_exist_ok=True)
    path = folder / "toy.ipynb"
    path.write_text(json.dumps(toy.answered(json.loads(path.read_text()), **answers)))
    return {result.question: (result.passed, result.said) for result in check_notebook(path)}


def test_right_answers_pass_and_hidden_checks_stay_hidden(exercises, tmp_path):
    assert check(exercises, tmp_path, **RIGHT) == {"double": (True, None), "count": (None, None)}


SAID = {
    "def double(x):\n    return x": "double is not right yet",
    "def double(x):\n    return x * x": "Squaring is not doubling.",
    "raise NotImplementedError()": "This part is not written yet.",
    "1 / 0": "The cell of your answer did not run. ZeroDivisionError: division by zero",
    "pass": "NameError: name 'double' is not defined",
    "def double(x:": "The cell of your answer did not run. SyntaxError",
    "raise SystemExit": "The cell of your answer did not run. SystemExit",
    "def double(x):\n    raise ValueError('odd')": "ValueError: odd",
    "def double(x):\n    raise NotImplementedError()": "This part is not written yet.",
    "def double(x):\n    import os\n    os._exit(0)": "Python ended in this cell",
    "import os\nos._exit(0)": "The notebook ended before this check",
    "input()": "The cell of your answer did not run. EOFError",
}


@pytest.mark.parametrize(("source", "said"), SAID.items())
def test_a_wrong_answer_is_told_what_is_wrong(exercises, tmp_path, source, said):
    passed, message = check(exercises, tmp_path, **RIGHT | {"double_solution": source})["double"]
    assert passed is False
    assert said in message


@pytest.mark.parametrize(
    ("loop", "said"),
    [("while True:\n        pass", "more than 1 seconds"), ("sum(range(10**12))", "did not stop")],
)
def test_a_cell_without_end_is_stopped(exercises, tmp_path, monkeypatch, loop, said):
    code = tmp_path / "patched.py"
    code.write_text(
        "from pathlib import Path\n"
        f"source = Path({visible.__file__!r}).read_text()\n"
        "source = source.replace('_CELL_SECONDS = 60', '_CELL_SECONDS = 1')\n"
        "exec(compile(source, 'visible', 'exec'), {'__name__': '__main__'})\n"
    )
    monkeypatch.setattr(visible, "_COMMAND", [sys.executable, str(code)])
    monkeypatch.setattr(visible, "_CELL_SECONDS", 1)
    monkeypatch.setattr(visible, "_GRACE_SECONDS", 3)
    source = f"def double(x):\n    {loop}"
    began = time.monotonic()
    passed, message = check(exercises, tmp_path, **RIGHT | {"double_solution": source})["double"]
    assert time.monotonic() - began < 40
    assert passed is False
    assert said in message


@pytest.mark.parametrize(
    "text", [None, "{", "[]", '{"cells": [1]}', '{"cells": []}', '{"worksheets": []}', "[" * 10**5]
)
def test_what_is_no_exercise_is_refused(tmp_path, text):
    path = tmp_path / "other.ipynb"
    if text is not None:
        path.write_text(text)
    with pytest.raises(CourseError, match=r"cannot be read as a notebook|has no test cells"):
        check_notebook(path)


def test_a_check_needs_neither_nbgrader_nor_a_kernel(exercises, tmp_path):
    path = tmp_path / "toy.ipynb"
    shutil.copy(exercises / "toy.ipynb", path)
    code = (
        "import sys\n"
        "for name in ('nbgrader', 'nbconvert', 'nbclient', 'nbformat', 'jupyter_client', 'dask'):\n"
        "    sys.modules[name] = None\n"
        f"sys.argv = ['autograder', 'check', {str(path)!r}]\n"
        "from autograder.__main__ import main\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=toy.ROOT, capture_output=True, text=True
    )
    assert done.returncode == 3
    assert re.search(r"0 of 1 questions pass", done.stdout)
    assert done.stderr == ""
