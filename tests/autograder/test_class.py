"""A class run: what it skips, what it says, and that stopping it anywhere changes nothing."""

import fcntl
import itertools
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from autograder import recording, registering
from autograder.cluster import Place
from autograder.course import Course, CourseError
from autograder.gradebook import Book, dump
from autograder.grading import grade
from autograder.results import clean_text
from tests.autograder import kill, toy
from tests.autograder.conftest import run as command
from tests.autograder.kill import RIGHT, fake_grade_task, hand_in_again, mark_by_hand, write_class


class KilledError(BaseException):
    pass


@pytest.fixture(autouse=True, scope="module")
def _quick_gradebooks():
    """Spare the program that nbgrader starts to learn its database's version."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("nbgrader.api.get_alembic_version", lambda: "167914646830")
        yield


def run(course, **settings):
    return grade(course, "toy", **{"seed": 1, "grade_task": fake_grade_task} | settings)


def counts(result):
    return result.graded, result.cached, result.looks


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """A class of five: right, wrong, untouched, empty derivation, unreadable."""
    return write_class(tmp_path_factory.mktemp("class"), 5)


@pytest.fixture
def course(written, tmp_path):
    """A copy of the class that a test may change."""
    return Course.at(shutil.copytree(written.root, tmp_path / "course"))


@pytest.fixture(scope="module")
def graded_once(written, tmp_path_factory):
    course = Course.at(shutil.copytree(written.root, tmp_path_factory.mktemp("graded") / "course"))
    run(course)
    return course


@pytest.fixture
def graded(graded_once, tmp_path):
    """A copy of the class after a run."""
    return Course.at(shutil.copytree(graded_once.root, tmp_path / "graded"))


def test_a_second_run_grades_what_has_changed_and_no_more(course):
    first = run(course)
    assert counts(first) == (4, 0, 1)
    assert [result.student for result in first.results] == [f"s000{n}" for n in range(5)]
    before = contents(course)
    assert counts(run(course, grade_task=None)) == (0, 4, 1)
    assert contents(course) == before
    hand_in_again(course.root, "s0001", **RIGHT)
    again = run(course)
    assert counts(again) == (1, 3, 1)
    assert again.fresh == {("s0001", "toy")}
    assert again.results[1].score == 4
    assert counts(run(course, force=True)) == (4, 0, 1)
    assert counts(run(course, seed=2)) == (4, 0, 1)
    assert run(course, seed=None).round.seed == 2


def test_parallel_runs_come_to_the_same(graded, course):
    assert counts(run(course, place=Place(2))) == (4, 0, 1)
    assert dump(course) == dump(graded)
    assert contents(course) == contents(graded)


def test_a_mark_by_hand_renews_the_feedback_alone(graded):
    before = contents(graded)
    mark_by_hand(graded.root)
    assert counts(run(graded, grade_task=None)) == (0, 4, 1)
    after = contents(graded)
    changed = {name for name in after if after[name] != before[name]}
    assert {Path(name).suffix for name in changed} <= {".html", ".txt", ".sha256"}
    assert "feedback/s0000/toy/toy.html" in changed
    assert "5.5" not in before["feedback/s0003/toy/toy.html"].decode()
    assert "5.5" in after["feedback/s0003/toy/toy.html"].decode()


@pytest.mark.parametrize(
    "lost", ["autograded/s0000/toy/toy.ipynb", "feedback/s0000/toy/toy.html", "gradebook.db"]
)
def test_what_was_removed_comes_back_without_grading(graded, lost):
    before = contents(graded)
    (graded.classroom / lost).unlink()
    assert counts(run(graded, grade_task=None)) == (0, 4, 1)
    assert contents(graded) == before


def test_what_cannot_be_read_any_more_leaves_no_old_feedback(graded):
    (graded.classroom / "submitted/s0000/toy/toy.ipynb").write_text("{")
    assert counts(run(graded)) == (0, 3, 2)
    for step, ending in (("autograded", "ipynb"), ("feedback", "html"), ("feedback", "txt")):
        assert not (graded.classroom / step / f"s0000/toy/toy.{ending}").exists()
    grades = [row for row in dump(graded) if row[:2] == ("grade", "s0000")]
    assert {row[4] for row in grades} == {None}


def test_a_grader_that_fails_costs_that_notebook_and_is_asked_again(course):
    def fails_once(content):
        task = json.loads(content)
        if task["student"] == "s0001":
            raise MemoryError
        answer = json.loads(fake_grade_task(content))
        if task["student"] == "s0003":
            answer["result"]["student"] = "s0000"
        return json.dumps(answer).encode()

    failed = run(course, grade_task=fails_once)
    assert counts(failed) == (2, 0, 3)
    assert "MemoryError" in failed.results[1].reasons[0]
    assert "another notebook" in failed.results[3].reasons[0]
    assert counts(run(course)) == (2, 2, 1)


def test_a_time_that_is_none_needs_a_look(course):
    path = course.classroom / "submitted/s0000/toy/timestamp.txt"
    for text in ("soon", "\xff", "1" * 300):
        path.write_text(text, encoding="latin-1")
        first = run(course).results[0]
        assert "timestamp.txt" in first.reasons[0]
        assert first.score == 4
    path.unlink()
    path.symlink_to(course.root / "nbgrader_config.py")
    assert "not a regular file" in run(course).results[0].reasons[0]


ODD = {
    "a folder": lambda path: path.mkdir(),
    "a link": lambda path: path.symlink_to("/etc/passwd"),
    "a link to nothing": lambda path: path.symlink_to("nothing"),
    "a pipe": lambda path: os.mkfifo(path),
    "a large file": lambda path: path.write_bytes(b" " * (20 * 2**20 + 1)),
}


@pytest.mark.parametrize("make", ODD.values(), ids=ODD.keys())
def test_what_is_no_notebook_is_not_opened(graded, make):
    path = graded.classroom / "submitted/s0000/toy/toy.ipynb"
    path.unlink()
    make(path)
    result = run(graded, grade_task=None).results[0]
    (reason,) = result.reasons
    assert reason in ("toy.ipynb is not a regular file.", "toy.ipynb is larger than 20 MiB.")
    assert result.score == 0


@pytest.mark.parametrize("student", ["..hidden", "a b", "a" * 65, "<b>", "a\nb", "=1+1"])
def test_a_folder_that_is_no_student_is_left_alone(course, student):
    toy.submit(course.root, student, toy.master())
    looks = [result for result in run(course).results if result.reasons]
    assert clean_text(student) in {clean_text(result.student) for result in looks} or (
        student.startswith(".") and len(looks) == 1
    )
    assert not any(row[1] == student for row in dump(course) if row[0] == "student")
    assert not (course.classroom / "autograded" / student).exists()


def contents(course):
    """Return all files of a classroom that say something, by their names."""
    return {
        path.relative_to(course.classroom).as_posix(): path.read_bytes()
        for step in ("autograded", "feedback", "journal")
        for path in (course.classroom / step).rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }


def killed_at(patch, moment):
    """Let a run die at its so manyth step: a file before or after it appears, a transaction."""
    steps = itertools.count(1)

    def after(function):
        def wrapped(*arguments, **settings):
            result = function(*arguments, **settings)
            if next(steps) == moment:
                raise KilledError
            return result

        return wrapped

    replace = Path.replace

    def replace_or_die(self, target):
        if next(steps) == moment:
            raise KilledError
        return after(replace)(self, target)

    patch.setattr(Path, "replace", replace_or_die)
    patch.setattr(Book, "record", after(Book.record))
    patch.setattr(recording, "render_feedback", after(recording.render_feedback))
    for name in ("_make_way", "_generate", "_complete_all"):
        patch.setattr(registering, name, after(getattr(registering, name)))


def survives_every_moment(course, scratch, change):
    """Kill a run at each of its steps in turn; the run after it must come to the same."""
    undisturbed = Course.at(shutil.copytree(course.root, scratch / "undisturbed"))
    change(undisturbed.root)
    run(undisturbed)
    expected = dump(undisturbed), contents(undisturbed)
    for moment in itertools.count(1):
        victim = Course.at(shutil.copytree(course.root, scratch / str(moment)))
        change(victim.root)
        with pytest.MonkeyPatch.context() as patch:
            killed_at(patch, moment)
            try:
                run(victim)
            except KilledError:
                finished = False
            else:
                finished = True
        if finished:
            return moment - 1
        run(victim)
        assert (dump(victim), contents(victim)) == expected, f"killed at step {moment}"
        shutil.rmtree(victim.root)


def keep(root, *students):
    for folder in (root / "classroom/submitted").iterdir():
        if folder.name not in students:
            shutil.rmtree(folder)


def test_a_first_run_may_be_killed_at_any_step(course, tmp_path):
    assert survives_every_moment(course, tmp_path, lambda root: keep(root, "s0000")) > 15


def mark_and_hand_in_again(root):
    keep(root, "s0000", "s0001")
    mark_by_hand(root)
    hand_in_again(root, "s0000", **RIGHT | {"derive": "Another."})
    hand_in_again(root, "s0001", **RIGHT)
    notebook = root / "solutions/toy/toy.ipynb"
    notebook.write_text(json.dumps(toy.master(given="x = np.arange(8.0).reshape(2, 4)")))


def test_a_run_after_marks_by_hand_may_be_killed_at_any_step(graded, tmp_path):
    assert survives_every_moment(graded, tmp_path, mark_and_hand_in_again) > 20


def test_runs_and_workers_are_killed_and_nothing_shows(tmp_path):
    kill.main(submissions=8, kills=1, stages=1)


def test_a_second_run_at_the_same_time_is_refused(course):
    with (course.classroom / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        with pytest.raises(CourseError, match="another run"):
            run(course)
    assert counts(run(course)) == (4, 0, 1)


def test_what_is_wrong_is_said_before_anything_is_written(course):
    with pytest.raises(CourseError, match="--insecure"):
        run(course, place=Place(scheduler="tcp://host:1"))
    shutil.rmtree(course.classroom / "submitted")
    with pytest.raises(CourseError, match=r"submitted/<student>/toy/toy\.ipynb"):
        run(course)
    assert list(course.classroom.iterdir()) == []


def test_the_last_line_counts(graded):
    done = command("grade", "toy", "--course", graded.root, "--jobs", 1)
    assert done.returncode == 3
    assert done.stdout.splitlines()[-1] == "0 graded, 4 cached, 1 need a look."
    assert "Marking round 1, seed 1." in done.stdout
    assert "grading toy" not in done.stdout


def test_options_that_will_not_do_are_refused_in_a_sentence(graded):
    done = command("grade", "toy", "--course", graded.root, "--scheduler", "tcp://127.0.0.1:1")
    assert (done.returncode, done.stdout) == (1, "")
    assert "--insecure" in done.stderr
    assert "Traceback" not in done.stderr
    with pytest.raises(CourseError, match="give one of them"):
        run(graded, seed=1, new_round=True)


SLOW = """
import signal, sys, time
import autograder.grading as grading
from tests.autograder.kill import fake_grade_task

def slow(content):
    print("begun", file=sys.stderr, flush=True)
    time.sleep(0.5)
    return fake_grade_task(content)

grading._grader = lambda: slow
signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs the tests may ignore it
sys.argv = ["autograder", "grade", "toy", "--course", sys.argv[1], "--jobs", "1"]
from autograder.__main__ import main
main()
"""


def test_a_person_may_stop_it_and_is_told_how_to_go_on(course):
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW, str(course.root)], cwd=toy.ROOT, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    process.stderr.readline()
    process.stderr.readline()
    time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert re.search(r"Stopped with \d of 5 submissions done\.", " ".join(said.split()))
    assert "give the same command again" in " ".join(said.split())
    assert "Traceback" not in said
    assert run(course, seed=None).cached >= 1
