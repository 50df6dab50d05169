"""A master is read by the kinds of its cells, and refused where a kind or a rule is broken."""

import json

import pytest

from autograder.assignment import Kind, read_master
from autograder.course import Course, CourseError
from autograder.inprocess import replay
from tests.autograder import toy


def write(tmp_path, notebook):
    path = tmp_path / "toy.ipynb"
    path.write_text(json.dumps(notebook))
    return path


def test_the_kinds_and_questions_are_read(tmp_path):
    master = read_master(write(tmp_path, toy.master()))
    kinds = [cell.kind for cell in master.cells]
    assert kinds == ["text", "setup", "given", "show", "solution", "test", "text", "solution",
                     "test", "manual"]  # fmt: skip
    double, count, derive = master.questions.values()
    assert (double.id, double.points, double.manual, double.novel) == ("double", 3, False, True)
    assert (count.id, count.novel, count.names) == ("count", False, {"count"})
    assert (derive.manual, derive.names) == (True, frozenset())
    assert master.minutes == 10


def test_the_names_of_a_cell_are_those_it_binds_at_top_level(tmp_path):
    source = (
        "import os.path as p\nfrom re import sub\n### BEGIN SOLUTION\na, (b, *c) = 1, (2, 3)\n"
        "for d in range(2):\n    e = d\nclass F:\n    g = 1\n"
        "def double(h):\n    i = h\n    return i\n"
        "with open(p.devnull) as j:\n    pass\n[k for k in 'x']\n### END SOLUTION"
    )
    master = read_master(write(tmp_path, toy.master(double_solution=source)))
    assert master.questions["double"].names == {*"abcdej", "p", "sub", "F", "double"}


def _change(name, **changes):
    def change(notebook):
        for cell in notebook["cells"]:
            if cell["metadata"].get("nbgrader", {}).get("grade_id") == name:
                for key, value in changes.items():
                    where = cell["metadata"] if key == "tags" else cell["metadata"]["nbgrader"]
                    (cell if key in ("id", "outputs", "cell_type") else where)[key] = value

    return change


def _plain_code(notebook):
    notebook["cells"].append({**toy.cell("show", "1", "x"), "metadata": {}, "id": "plain"})


def _move_test_first(notebook):
    cells = notebook["cells"]
    cells.insert(2, cells.pop(5))


def _source(**sources):
    def change(notebook):
        for cell in notebook["cells"]:
            name = cell["metadata"].get("nbgrader", {}).get("grade_id")
            cell["source"] = sources.get(name, cell["source"])

    return change


REFUSED = {
    "a code cell without a kind": (_plain_code, r"code cell 11 \(plain\) has no kind"),
    "an answer cell without a kind": (
        _change("derive", grade=False, solution=False), r"markdown cell 10 \(derive\) has no kind"),
    "a task cell": (_change("derive", task=True), "has no kind"),
    "two kinds": (_change("given", tags=["given", "show"]), "has 2 kinds"),
    "a tag on a test": (_change("double", tags=["show"]), "has 2 kinds"),
    "a setup cell left open": (_change("setup", locked=False), "setup cell and must be locked"),
    "a test cell left open": (_change("double", locked=False), "test cell and must be locked"),
    "a test without points": (_change("double", points=0), "must give points"),
    "no grade_id": (_change("given", grade_id=""), "has no grade_id"),
    "the same grade_id twice": (_change("given", grade_id="setup"), "repeats the grade_id setup"),
    "no id": (_change("given", id=""), "has no id"),
    "stored outputs": (_change("given", outputs=[{}]), "has stored outputs"),
    "a solution without a test": (
        _change("count_solution", grade_id="other_solution"), "answers no question"),
    "a test without a solution": (
        _change("count_solution", grade_id="other_solution"), "no solution cell count_solution"),
    "a test before its solution": (_move_test_first, "no solution cell double_solution before it"),
    "not Python": (_source(given="x ="), "is not Python"),
    "a magic": (_source(setup="%matplotlib inline"), "is not Python"),
    "no solution region": (_source(count_solution="count = 6"), "no BEGIN SOLUTION"),
    "a region left open": (
        _source(count_solution="### BEGIN SOLUTION\ncount = 6"), "SOLUTION line without an END"),
    "a region that only ends": (
        _source(count="check('count', count, 6)\n### END HIDDEN TESTS"), "without a BEGIN"),
    "a region in a region": (
        _source(count="### BEGIN HIDDEN TESTS\n### BEGIN HIDDEN TESTS\n### END HIDDEN TESTS"),
        "two BEGIN HIDDEN TESTS"),
    "hidden tests in a given cell": (
        _source(given="### BEGIN HIDDEN TESTS\nx = 1\n### END HIDDEN TESTS"), "is no test cell"),
    "hidden tests inside a statement": (
        _source(count="if True:\n    ### BEGIN HIDDEN TESTS\n    x = 1\n    ### END HIDDEN TESTS"),
        "at top level"),
    "a hidden check that shows numbers": (
        _source(count=toy.TEST_COUNT.replace(", hidden=True", "")), "without hidden=True"),
    "a hidden check by another way of calling": (
        _source(count=toy.TEST_COUNT.replace("check(", "checking.check(").replace("True", "False")),
        "without hidden=True"),
    "a visible check that hides": (
        _source(count="check('count', count, 6, hidden=True)"), "outside its hidden tests"),
    "a last value": (_source(count="count"), "must end in a statement"),
    "a last value among hidden tests": (
        _source(count="x = 1\n### BEGIN HIDDEN TESTS\ncount\n### END HIDDEN TESTS"),
        "must end in a statement"),
    "setup that uses a student's name": (
        _source(setup=toy.SETUP + "\ntwice = double(1)"), "uses double, which the student writes"),
}  # fmt: skip


@pytest.mark.parametrize(("change", "sentence"), REFUSED.values(), ids=REFUSED.keys())
def test_a_broken_master_is_refused_by_a_sentence_that_names_the_cell(tmp_path, change, sentence):
    notebook = toy.master()
    change(notebook)
    with pytest.raises(CourseError, match=sentence) as caught:
        read_master(write(tmp_path, notebook))
    assert "toy.ipynb: " in str(caught.value)
    assert " cell " in str(caught.value)


def test_a_master_that_is_no_notebook_is_refused(tmp_path):
    path = tmp_path / "toy.ipynb"
    path.write_text("{")
    with pytest.raises(CourseError, match="cannot be read as a notebook"):
        read_master(path)


def test_answers_are_tried_in_this_process(tmp_path):
    played = replay(read_master(write(tmp_path, toy.master())), seed=1)
    assert played.failures == {}
    assert played.fails("double", {"double": lambda x: x + x}) is None
    assert "CheckFailed" in played.fails("double", {"double": lambda x: x * x})
    assert "CheckFailed" in played.fails("count", {"count": 5})


def test_a_test_that_writes_to_stderr_fails_as_it_does_for_nbgrader(tmp_path):
    loud = "import warnings\nwarnings.warn('loud')\nx = 1"
    played = replay(read_master(write(tmp_path, toy.master(count=loud))), seed=1)
    assert "loud" in played.failures["count"]


def test_a_given_cell_that_fails_is_the_authors_mistake(tmp_path):
    with pytest.raises(RuntimeError, match="code cell 3"):
        replay(read_master(write(tmp_path, toy.master(given="1 / 0"))), seed=1)


def test_no_show_cell_is_run(tmp_path):
    master = read_master(write(tmp_path, toy.master(show="1 / 0")))
    assert Kind.SHOW in {cell.kind for cell in master.cells}
    assert replay(master, seed=1).failures == {}


def test_a_folder_that_is_no_course_is_refused(tmp_path):
    with pytest.raises(CourseError, match=r"holds no nbgrader_config.py"):
        Course.at(tmp_path)


@pytest.mark.parametrize("name", ["nonsense", "../toy", "", "toy/../toy"])
def test_an_unknown_assignment_is_refused_and_the_known_are_listed(course, name):
    with pytest.raises(CourseError, match="there are: toy"):
        course.masters(name)
