"""Kills class runs and their workers at random moments: the gradebook must not show it.

By hand: ``python -m tests.autograder.kill [submissions [kills]]``; it takes some minutes.
"""

import base64
import contextlib
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from autograder.results import NotebookResult, QuestionResult
from tests.autograder import toy

SEED = 20_260_229
RIGHT = {
    "double_solution": "def double(x):\n    return 2 * x",
    "count_solution": "count = 6",
    "derive": "It is linear.",
}
WRONG = RIGHT | {"double_solution": "def double(x):\n    return x"}


def fake_grade_task(content: bytes) -> bytes:
    """Grade without running anything: an answer is right if it reads as `RIGHT` says."""
    task = json.loads(content)
    time.sleep(float(os.environ.get("FAKE_SECONDS", "0")))
    master = json.loads(task["master"])
    place = task["student"], task["assignment"], task["notebook"]
    submitted = base64.b64decode(task["submission"])
    try:
        cells = json.loads(submitted)["cells"]
    except (ValueError, KeyError):
        cells = None
    sources = {_id(cell): cell["source"] for cell in cells or []}
    questions = {}
    for cell in master["cells"]:
        role = cell["metadata"].get("nbgrader", {})
        if role.get("solution") and _id(cell) in sources:
            cell["source"] = sources[_id(cell)]
        cell["source"] = "".join(cell["source"])
        if not role.get("grade"):
            continue
        right = sources.get(f"{_id(cell)}_solution") == RIGHT.get(f"{_id(cell)}_solution", "?")
        score = float(role["points"]) * right
        questions[_id(cell)] = QuestionResult(
            None if role["solution"] or cells is None else score,
            float(role["points"]),
            role["solution"],
        )
        if not (right or role["solution"]):
            error = {"output_type": "error", "ename": "CheckFailed", "evalue": "Not yet."}
            cell["outputs"] = [{**error, "traceback": ["Not yet."]}]
    reasons = ["It cannot be read as a notebook."] if cells is None else []
    result = NotebookResult(*place, reasons, questions, seed=task["seed"])
    notebook = None if cells is None else master
    return json.dumps({"result": result.as_json(), "notebook": notebook}).encode()


def _id(cell):
    return cell["metadata"].get("nbgrader", {}).get("grade_id")


def write_class(root, count):
    """Write a toy course in which so many students have handed in, some of them badly."""
    from autograder.course import Course
    from autograder.release import release

    toy.write_course(root)
    course = Course.at(root)
    release(course)
    answers = (RIGHT, WRONG, {}, {**RIGHT, "derive": ""}, None)
    for number in range(count):
        chosen = answers[number % len(answers)]
        broken = chosen is None
        text = '{"cells": [' if broken else toy.answered(released(root), **chosen)
        toy.submit(root, f"s{number:04}", text)
    return course


def released(root):
    """Return the notebook that students got."""
    return json.loads((root / "exercises/toy/toy.ipynb").read_text())


def hand_in_again(root, student, **answers):
    """Hand in other answers in place of a student's earlier ones."""
    path = root / f"classroom/submitted/{student}/toy/toy.ipynb"
    path.write_text(json.dumps(toy.answered(released(root), **answers)))


def mark_by_hand(root):
    """Mark every derivation, and one question that the machine marks too."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{root}/classroom/gradebook.db", "rnn") as book:
        for submission in book.assignment_submissions("toy"):
            student = submission.student.id
            grade = book.find_grade("derive", "toy", "toy", student)
            grade.manual_score, grade.needs_manual_grade = 1.5, False
            book.find_comment("derive", "toy", "toy", student).manual_comment = "Good."
        grade = book.find_grade("count", "toy", "toy", "s0000")
        grade.manual_score, grade.needs_manual_grade = 0.5, False
        book.db.commit()


def second_round(root):
    """Mark by hand, then let every third student hand in again, some with another answer."""
    mark_by_hand(root)
    folders = sorted((root / "classroom/submitted").iterdir())
    for number, folder in enumerate(folders[::3]):
        answers = RIGHT | ({"derive": "It is not linear."} if number % 2 else {})
        hand_in_again(root, folder.name, **answers)


def run_class(root, jobs):
    """Grade the class in this process."""
    from autograder.cluster import Place
    from autograder.course import Course
    from autograder.grading import grade

    course = Course.at(root)
    return grade(course, "toy", place=Place(jobs), seed=1, grade_task=fake_grade_task)


def start(root, jobs, seconds=0.05):
    """Grade the class in a process of its own."""
    command = [sys.executable, "-m", "tests.autograder.kill", "--run", str(root), str(jobs)]
    environment = {**os.environ, "FAKE_SECONDS": str(seconds)}
    return subprocess.Popen(command, cwd=toy.ROOT, env=environment, start_new_session=True)


def finish(root, jobs):
    """Grade the class, undisturbed, to its end."""
    assert start(root, jobs).wait() == 0


def kill_run(root, jobs, chance, graded, seconds):
    """Begin a run and kill it some seconds after it has graded so many submissions."""
    began = time.time()
    run = start(root, jobs)
    while run.poll() is None and graded > graded_since(root, began):
        time.sleep(0.01)
    time.sleep(chance.uniform(0, seconds))
    run.send_signal(signal.SIGKILL)
    return run.wait() == -signal.SIGKILL


def kill_workers(root, chance, count, due):
    """Grade with two workers and kill so many of them, spread over the submissions that are due."""
    import psutil

    began = time.time()
    killed = 0
    while killed < count:
        run = start(root, 2, seconds=0.4)
        parent = psutil.Process(run.pid)
        while run.poll() is None and killed < count:
            if graded_since(root, began) < killed * due / (count + 1):
                time.sleep(0.02)
                continue
            time.sleep(chance.uniform(0, 0.5))
            workers = living_workers(parent)
            with contextlib.suppress(psutil.Error, IndexError):  # none is there, or it has ended
                chance.choice(workers).kill()
                killed += 1
        if run.wait() == 0:  # else it said why, and goes on in the next turn
            break
    assert killed == count, f"the class was graded after {killed} of {count} kills of workers"
    return killed


def living_workers(parent):
    """Return the processes of Dask's workers; a worker that has started renames its process.

    One that was killed may stay as a zombie, which has no command line.
    """
    import psutil

    found = []
    with contextlib.suppress(psutil.Error):  # the run has ended
        for child in parent.children():
            with contextlib.suppress(psutil.Error):
                if re.search(r"spawn_main|dask worker", " ".join(child.cmdline())):
                    found.append(child)
    return found


def graded_since(root, began):
    """Return how many answers are in the journal since a moment."""
    count = 0
    for path in root.glob("classroom/journal/*/*/*.json"):
        with contextlib.suppress(FileNotFoundError):  # forgotten for a later one
            count += path.stat().st_mtime > began
    return count


def kill_servers(root, chance, count):
    """Grade with the real grader, whose server dies under so many tasks; compare the answers."""
    import psutil

    from autograder.assignment import read_master
    from autograder.course import Course
    from autograder.grader import grade_task
    from autograder.journal import make_task
    from autograder.limits import Limits

    master = read_master(Course.at(root).masters("toy")[0])
    answers = (RIGHT, WRONG, {})
    killed = 0

    def kill():
        nonlocal killed
        for child in psutil.Process().children():
            with contextlib.suppress(psutil.Error):
                if "autograder.server" in child.cmdline():
                    child.kill()
                    killed += 1

    for number in range(count):
        content = json.dumps(toy.answered(released(root), **answers[number % 3])).encode()
        task = make_task("s0000", "toy", master, content, seed=1, limits=Limits().as_json()).content
        expected = timeless(grade_task(task))
        timer = threading.Timer(chance.uniform(0, 0.1), kill)
        timer.start()
        answer = timeless(grade_task(task))
        timer.join()
        assert answer == expected, f"the answer differs after kill {number + 1} of the server"
    assert killed == count, f"{killed} of {count} servers were there to be killed"
    return killed


def timeless(answer):
    """Return an answer without the seconds that it took."""
    return re.sub(rb'"seconds": [0-9.e-]+', b"", answer)


def said(root):
    """Return what the gradebook says."""
    from autograder.course import Course
    from autograder.gradebook import dump

    return dump(Course.at(root))


def main(submissions=200, kills=20, stages=2):
    """Compare classes graded under kills with one graded undisturbed; raise if they differ."""
    chance = random.Random(SEED)
    with tempfile.TemporaryDirectory() as scratch:
        roots = {name: Path(scratch) / name for name in ("serial", "parallel", "killed", "workers")}
        for root in roots.values():
            root.mkdir()
            write_class(root, submissions)
        for stage in range(stages):
            finish(roots["serial"], 1)
            finish(roots["parallel"], 2)
            times = kills // stages
            due = submissions / (1 if stage == 0 else 3)
            died = kill_run(roots["killed"], 1, chance, 0, 2.0)
            for _ in range(times - 1):
                jobs = chance.choice((1, 2))
                graded = chance.uniform(0, due / times / 2)  # half, since a kill comes late
                died += kill_run(roots["killed"], jobs, chance, graded, 0.1)
            assert died == times, f"the class was graded after {died} of {times} kills of runs"
            finish(roots["killed"], 1)
            workers = kill_workers(roots["workers"], chance, times, due)
            finish(roots["workers"], 1)
            expected = said(roots["serial"])
            for name in ("parallel", "killed", "workers"):
                assert said(roots[name]) == expected, f"stage {stage + 1}: {name} differs"
            print(
                f"stage {stage + 1}: {died} runs and {workers} workers killed, "
                f"{len(expected)} rows equal",
                flush=True,
            )
            for root in roots.values() if stage + 1 < stages else ():
                second_round(root)
        servers = kill_servers(roots["serial"], chance, kills // 4)
        print(f"{servers} servers of the grader killed, answers equal", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--run"]:
        from autograder.course import CourseError

        try:
            run_class(Path(sys.argv[2]), int(sys.argv[3]))
        except CourseError as error:
            sys.exit(str(error))
    else:
        try:
            main(*map(int, sys.argv[1:]))
        except AssertionError as error:
            sys.exit(str(error))
