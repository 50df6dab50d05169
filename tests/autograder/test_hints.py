"""A release carries hints: each known mistake that a visible check sees is named, and no other."""

import json

import pytest

from autograder.assignment import read_master
from autograder.course import Course, CourseError
from autograder.hints import write_hints
from autograder.inprocess import replay
from autograder.regions import HIDDEN_TESTS, split_region
from autograder.release import release, stale
from rnncore.checking import load_wrong_answers
from rnncore.checking.seeds import NOTEBOOK_SEED
from tests.autograder import toy


def hints(course):
    return json.loads((course.exercises / "toy" / "hints.json").read_text())["toy"]


def test_a_release_writes_hints_and_the_same_each_time(course):
    release(course)
    (entry,) = hints(course)
    assert (entry["check"], entry["hint"]) == ("double", "Squaring is not doubling.")
    assert [leaf[:3] for leaf in entry["leaves"]] == [["", "float64", [2, 3]]]
    written = (course.exercises / "toy" / "hints.json").read_bytes()
    for canary in toy.CANARIES:
        assert canary not in written.decode()
    release(course)
    assert (course.exercises / "toy" / "hints.json").read_bytes() == written
    assert stale(course) == []


def test_stale_hints_are_named(course):
    release(course)
    wrong = course.solutions / "toy" / "wrong_answers.py"
    wrong.write_text(wrong.read_text().replace("Squaring is", "A square is"))
    assert stale(course) == ["exercises/toy/hints.json differs from its master; run `make release`"]


def test_without_wrong_answers_there_are_no_hints(course):
    (course.solutions / "toy" / "wrong_answers.py").unlink()
    release(course)
    assert not (course.exercises / "toy" / "hints.json").exists()


def test_wrong_answers_that_do_not_run_stop_the_release(course):
    release(course)
    before = (course.exercises / "toy" / "hints.json").read_bytes()
    (course.solutions / "toy" / "wrong_answers.py").write_text("1 / 0")
    with pytest.raises(CourseError, match=r"wrong_answers.py gives no hints: ZeroDivisionError"):
        release(course)
    assert (course.exercises / "toy" / "hints.json").read_bytes() == before


def add_wrong(course, text):
    with (course.solutions / "toy" / "wrong_answers.py").open("a") as file:
        file.write(text)


RAISES = """
@wrong_answer("double", hint="Not so.")
def raises(x):
    raise ValueError


@wrong_answer("double", hint="Not so either.")
def gives_something_else(x):
    return object()
"""
ALIKE = """
@wrong_answer("double", hint="A power is not a multiple.")
def to_the_second_power(x):
    return x**2
"""
AGAIN = ALIKE.replace("A power is not a multiple.", "Squaring is not doubling.")


def test_what_raises_or_is_not_plain_has_no_hint(course):
    add_wrong(course, RAISES)
    release(course)
    assert len(hints(course)) == 1


def test_two_mistakes_that_look_alike_are_not_named_unless_they_have_one_hint(course):
    add_wrong(course, ALIKE)
    release(course)
    assert hints(course) == []
    (course.solutions / "toy" / "wrong_answers.py").write_text(toy.WRONG + AGAIN)
    release(course)
    assert len(hints(course)) == 1


def test_hints_for_a_rough_check_hold_nothing_of_the_right_answer(tmp_path):
    solution = '### BEGIN SOLUTION\ncount = {"a": 1.25, "b": 6}\n### END SOLUTION'
    rough = {"a": 1, "b": 6.5}
    test = toy.TEST_COUNT.replace(
        "### BEGIN", f'check("rough", count, {rough}, rtol=0, atol=1)\n### BEGIN', 1
    ).replace("count, 6, ", 'count["b"], 6, ')
    course = Course.at(toy.write_course(tmp_path, toy.master(count_solution=solution, count=test)))
    add_wrong(course, '\nwrong_answer("count", hint="Half of it.", value={"a": 1.25, "b": 3})\n')
    release(course)
    (entry,) = [e for e in hints(course) if e["hint"] == "Half of it."]
    assert [leaf[0] for leaf in entry["leaves"]] == ["['b']"]


@pytest.mark.parametrize("assignment", Course.at(toy.ROOT).assignments)
def test_each_known_mistake_of_the_course_prints_its_own_hint(assignment, tmp_path, monkeypatch):
    course = Course.at(toy.ROOT)
    write_hints(course, assignment, tmp_path)
    monkeypatch.chdir(tmp_path)
    named, silent, passing = [], [], []
    for path in course.masters(assignment):
        played = replay(read_master(visible(path, tmp_path)), NOTEBOOK_SEED)
        assert not played.failures
        for wrong in load_wrong_answers(path.parent / "wrong_answers.py"):
            if wrong.question not in played.master.questions:
                continue
            name = wrong.name or next(iter(played.master.questions[wrong.question].names))
            message = played.fails(wrong.question, {name: wrong.answer})
            if message is None:
                passing.append(wrong.label)
            elif "hint:" in message:
                assert message.endswith(f"  hint:      {wrong.hint}")
                assert message.count("hint:") == 1
                named.append(wrong.label)
            else:
                silent.append((wrong.question, wrong.label, message))
    print(f"{len(named)} named, {len(passing)} pass all visible checks, without a hint: {silent}")
    assert len(named) >= 0.85 * (len(named) + len(silent))


def visible(path, folder):
    """Write a master without its hidden tests."""
    notebook = json.loads(path.read_text())
    for cell in notebook["cells"]:
        cell["source"] = split_region("".join(cell["source"]), HIDDEN_TESTS)[0]
    target = folder / path.name
    target.write_text(json.dumps(notebook))
    return target
