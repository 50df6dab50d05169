"""nbgrader's own ``autograde`` on the toy course gives what the grading function gives."""

import json
from types import SimpleNamespace

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde
from nbgrader.preprocessors import OverwriteCells
from nbgrader.utils import compute_checksum
from traitlets.config import Config

from autograder.assignment import read_master
from autograder.course import Course
from autograder.grader import grade_task
from autograder.journal import make_task, read_answer
from autograder.limits import Limits
from autograder.release import generate
from autograder.rounds import marking_round
from autograder.steps import StepFailed, run_step
from tests.autograder import toy

ANSWERS = {
    "full": {
        "double_solution": "def double(x):\n    return 2 * x",
        "count_solution": "count = 6",
        "derive": "It is <script>alert(1)</script> linear.",
    },
    "stub": {},
    "partial": {
        "double_solution": "def double(x):\n    return x * x",
        "count_solution": "count = 6",
    },
    "forger": {
        "double_solution": "class Equal:\n    __eq__ = lambda *a: True\n\n"
        "def double(x):\n    return Equal()",
        "count_solution": "print(1)\ncount = 1",
    },
}


def autograde(course, student):
    config = Config(course.config)
    config.CourseDirectory.assignment_id = "toy"
    config.CourseDirectory.student_id = student
    run_step(Autograde, config)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """The toy course after nbgrader's own `autograde`."""
    root = toy.write_course(tmp_path_factory.mktemp("stock"))
    course = Course.at(root)
    course.classroom.mkdir()
    generate(course, "toy", root / "exercises", register=True)
    released = json.loads((root / "exercises/toy/toy.ipynb").read_text())
    for student, answers in ANSWERS.items():
        toy.submit(root, student, toy.answered(released, **answers))
        autograde(course, student)
    return SimpleNamespace(root=root, course=course, released=released)


def book(run):
    config = run.course.config.CourseDirectory
    return Gradebook(config.db_url, config.course_id)


@pytest.mark.parametrize("student", ANSWERS)
def test_the_gradebook_has_the_marks_of_the_grading_function(run, student):
    master = read_master(run.root / "solutions/toy/toy.ipynb")
    handed_in = (run.root / f"classroom/submitted/{student}/toy/toy.ipynb").read_bytes()
    seed = marking_round(run.course, "toy").seed
    made = make_task(student, "toy", master, handed_in, seed=seed, limits=Limits().as_json())
    wanted = read_answer(grade_task(made.content), made).result
    with book(run) as gradebook:
        for name, question in wanted.questions.items():
            found = gradebook.find_grade(name, "toy", "toy", student)
            assert found.max_score == question.max_score
            if not question.manual:
                assert found.auto_score == question.score
            assert found.manual_score is None


def test_the_marks_are_those_that_are_due(run):
    with book(run) as gradebook:
        found = {
            student: [
                gradebook.find_grade(name, "toy", "toy", student).auto_score
                for name in ("double", "count")
            ]
            for student in ANSWERS
        }
    assert found == {"full": [3, 1], "stub": [0, 0], "partial": [0, 1], "forger": [0, 0]}


def test_what_waits_for_a_person_says_so(run):
    with book(run) as gradebook:
        answered = gradebook.find_grade("derive", "toy", "toy", "full")
        untouched = gradebook.find_grade("derive", "toy", "toy", "stub")
        assert answered.needs_manual_grade
        assert untouched.auto_score == 0
        comment = gradebook.find_comment("derive", "toy", "toy", "stub")
        assert comment.auto_comment == "No response."
        assert gradebook.find_comment("derive", "toy", "toy", "full").auto_comment is None


@pytest.mark.parametrize("student", ANSWERS)
def test_the_notebook_is_one_that_formgrader_opens(run, student):
    path = run.root / f"classroom/autograded/{student}/toy/toy.ipynb"
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert {output.output_type for output in outputs} <= {"stream", "error"}
    assert "<script>" not in "".join(c.source for c in notebook.cells if c.cell_type == "markdown")
    assert notebook.metadata.grading["seed"] == marking_round(run.course, "toy").seed


def test_untouched_answers_keep_nbgraders_checksum(run):
    path = run.root / "classroom/autograded/stub/toy/toy.ipynb"
    notebook = nbformat.read(path, as_version=4)
    answers = [c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("solution")]
    assert len(answers) == 3
    for cell in answers:
        assert cell.metadata.nbgrader.checksum == compute_checksum(cell)


def test_a_link_is_refused_and_nothing_is_written(run):
    toy.submit(run.root, "linker", "")
    link = run.root / "classroom/submitted/linker/toy/toy.ipynb"
    link.unlink()
    link.symlink_to(run.root / "solutions/toy/toy.ipynb")
    with pytest.raises(StepFailed) as caught:
        autograde(run.course, "linker")
    assert "toy.ipynb is not a regular file." in caught.value.log
    assert not (run.root / "classroom/autograded/linker/toy/toy.ipynb").exists()


def test_a_file_that_is_no_notebook_fails_for_its_student_alone(run):
    toy.submit(run.root, "broken", '{"nbformat": 4, "cells": [')
    with pytest.raises(StepFailed):
        autograde(run.course, "broken")
    autograde(run.course, "full")
    with book(run) as gradebook:
        assert gradebook.find_grade("double", "toy", "toy", "full").auto_score == 3


def test_nbgraders_own_overwriting_and_running_are_switched_off(run):
    step = Autograde(coursedir=None, config=run.course.config)
    names = {each.__name__ for each in step.sanitize_preprocessors + step.autograde_preprocessors}
    assert OverwriteCells.__name__ not in names
    assert "Execute" not in names
    assert {"Rebuild", "GradeInSandbox", "SaveAutoGrades"} <= names
