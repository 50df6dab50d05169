"""Each exercise is sound: its solution passes, and nothing else does."""

import json

import numpy as np

from autograder.assignment import Kind, read_master
from autograder.inprocess import replay
from autograder.release import stale
from rnncore.checking import load_wrong_answers
from tests.exercises.cheats import CALLS, OUTPUTS, cheaters


def automatic(master):
    return [question for question in master.questions.values() if not question.manual]


def wrong_answers(master):
    records = load_wrong_answers(master.path.parent / "wrong_answers.py")
    return [record for record in records if record.question in master.questions]


def test_there_is_an_assignment(course):
    assert course.assignments


def test_exercises_equal_a_fresh_release(course):
    assert stale(course) == []


def test_the_solution_gets_full_marks(played):
    assert played.failures == {}
    assert played.before.keys() == {question.id for question in automatic(played.master)}


def test_the_untouched_stub_gets_nothing(master, seed, released):
    stubs = {
        cell["metadata"]["nbgrader"]["grade_id"]: "".join(cell["source"])
        for cell in released[master.path.stem]["cells"]
        if cell["metadata"].get("nbgrader", {}).get("solution")
    }
    failures = replay(master, seed, stubs).failures
    assert failures.keys() == {question.id for question in automatic(master)}


def test_each_wrong_answer_loses_its_question(played):
    passing = []
    for record in wrong_answers(played.master):
        question = played.master.questions[record.question]
        assert record.name or len(question.names) == 1, f"{record.label} needs name="
        name = record.name or next(iter(question.names))
        assert name in question.names
        if played.fails(question.id, {name: record.answer}) is None:
            passing.append(f"{record.question}: {record.label}")
    assert passing == []


def test_each_question_knows_wrong_answers(master):
    known = [record.question for record in wrong_answers(master)]
    assert {question.id for question in automatic(master)} == set(known)
    assert len(known) >= 15


def test_each_wrong_answer_belongs_to_a_question(course):
    for assignment in course.assignments:
        masters = map(read_master, course.masters(assignment))
        questions = {question for master in masters for question in master.questions}
        records = load_wrong_answers(course.solutions / assignment / "wrong_answers.py")
        assert {record.question for record in records} <= questions


def test_each_cheat_loses_each_question(played):
    passing, applied, questions = [], {}, 0
    for question in automatic(played.master):
        for name in question.names:
            questions += 1
            right = played.before[question.id][name]
            for label, answer, cheated in cheaters(right):
                lost = played.fails(question.id, {name: answer}) is not None
                if cheated():
                    applied.setdefault(label, set()).add(name)
                    if not lost:
                        passing.append(f"{question.id}: {label}")
    assert passing == []
    assert applied.keys() == {*OUTPUTS, *CALLS}
    assert np.mean([len(names) for names in applied.values()]) > questions / 2


def test_half_of_the_points_stand_nowhere_else(master):
    points = [question.points for question in master.questions.values()]
    novel = [question.points for question in master.questions.values() if question.novel]
    assert sum(novel) >= sum(points) / 2


def test_each_question_states_its_time(master):
    for cell in master.cells:
        if cell.kind in (Kind.TEST, Kind.MANUAL):
            assert cell.course.get("minutes", 0) > 0, cell.where


def test_a_class_run_gives_the_solution_full_and_the_stub_and_a_nosy_student_zero(course, graded):
    for assignment in course.assignments:
        results = json.loads((graded / f"{assignment}.json").read_text())
        scores = {(r["student"], r["notebook"]): (r["score"], r["max_score"]) for r in results}
        for path in course.masters(assignment):
            score, best = scores["solution", path.stem]
            assert score == best > 0
            assert scores["stub", path.stem] == (0, best)
            assert scores["nosy", path.stem] == (0, best)
