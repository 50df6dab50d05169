"""Where tasks are graded: here, by workers, on a cluster with TLS; and what happens as they die."""

import json
import os
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import dask
import psutil
import pytest
from distributed.security import Security

from autograder.assignment import read_master
from autograder.cluster import Place, run
from autograder.course import CourseError
from autograder.journal import Task
from tests.autograder import toy


def grade_task(content):
    """Answer, raise, stop the run, or die, as the task says."""
    said = content.decode()
    if said == "raise":
        raise ZeroDivisionError("a\x1b[31mb")
    if said == "stop":
        raise CourseError("Install bubblewrap.")
    if said == "number":
        return 1
    if said.startswith("die once") and not Path(said.split(": ")[1]).exists():
        Path(said.split(": ")[1]).touch()
        os._exit(1)
    if said == "die":
        os._exit(1)
    return f"{said} graded".encode()


@pytest.fixture
def master(course):
    return read_master(course.masters("toy")[0])


def answers(master, contents, place, scratch):
    tasks = (Task("ann", master, text.encode(), text) for text in contents)
    return {task.hash: answer for task, answer in run(tasks, grade_task, place, scratch)}


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (Place(jobs=0), "--jobs takes a number from 1 on, got 0"),
        (Place(scheduler="http://host"), "such as tls://host:8786"),
        (Place(scheduler="tcp://host:8786"), "--insecure"),
    ],
)
def test_a_place_that_will_not_do_is_refused(place, said):
    with pytest.raises(CourseError, match=said):
        place.check()


@pytest.mark.parametrize("address", ["tls://host:8786", None])
def test_a_place_that_will_do_is_let_through(address):
    Place(jobs=2, scheduler=address).check()
    Place(scheduler="tcp://host:8786", insecure=True).check()


def test_what_raises_costs_one_notebook(master, tmp_path):
    found = answers(master, ["a", "raise", "number", "b"], Place(1), tmp_path)
    assert (found["a"], found["b"]) == (b"a graded", b"b graded")
    assert found["raise"] == "The grader stopped with ZeroDivisionError: a b"
    assert found["number"].startswith("The grader stopped with TypeError")


def test_a_machine_that_cannot_grade_stops_the_run(master, tmp_path):
    with pytest.raises(CourseError, match="Install bubblewrap"):
        answers(master, ["a", "stop", "b"], Place(1), tmp_path)


def test_no_cluster_is_started_for_nothing(master, tmp_path, monkeypatch):
    monkeypatch.setattr("autograder.cluster._client", lambda *where: 1 / 0)
    assert answers(master, [], Place(2), tmp_path) == {}
    assert answers(master, [], Place(2, "tls://host:1"), tmp_path) == {}
    assert answers(master, ["a"], Place(2), tmp_path) == {"a": b"a graded"}


def test_workers_that_die_cost_the_notebook_that_ends_them_and_no_other(master, tmp_path):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    before = {child.pid for child in psutil.Process().children(recursive=True)}
    once = f"die once: {tmp_path / 'died'}"
    texts = [*map(str, range(8)), "die", once, "raise", *map(str, range(8, 16))]
    found = answers(master, texts, Place(2), scratch)
    assert found.pop("die") == "Grading it ends the grader's process."
    assert found.pop("raise") == "The grader stopped with ZeroDivisionError: a b"
    assert (tmp_path / "died").exists()
    assert found == {text: f"{text} graded".encode() for text in [*map(str, range(16)), once]}
    _, alive = psutil.wait_procs(
        [
            child
            for child in psutil.Process().children(recursive=True)
            if child.pid not in before and "resource_tracker" not in " ".join(child.cmdline())
        ],
        timeout=10,
    )
    assert alive == []


def test_tasks_are_taken_as_they_are_needed(master, tmp_path):
    taken, most = [], 0

    def contents():
        for number in range(40):
            taken.append(number)
            yield Task("ann", master, str(number).encode(), str(number))

    for count, _ in enumerate(run(contents(), grade_task, Place(2), tmp_path)):
        most = max(most, len(taken) - count)
    assert len(taken) == 40
    assert most <= 10


def test_without_a_scheduler_the_run_says_so(master, tmp_path, monkeypatch):
    monkeypatch.setattr("autograder.cluster._CONNECT_SECONDS", "200ms")
    with pytest.raises(CourseError, match=r"no scheduler answers at tcp://127\.0\.0\.1:9"):
        answers(master, ["a", "b"], Place(1, "tcp://127.0.0.1:9", insecure=True), tmp_path)


@pytest.fixture
def certificates(tmp_path):
    """Settings of Dask for every role, with certificates of their own."""
    made = Security.temporary()
    settings = {"distributed.comm.tls.ca-file": made.tls_ca_file}
    for role in ("scheduler", "worker", "client"):
        settings[f"distributed.comm.tls.{role}.cert"] = getattr(made, f"tls_{role}_cert")
        settings[f"distributed.comm.tls.{role}.key"] = getattr(made, f"tls_{role}_key")
    for name, text in settings.items():
        path = tmp_path / f"{name}.pem"
        path.write_text(text)
        settings[name] = str(path)
    return settings


def test_a_scheduler_of_its_own_with_two_workers_is_reached_by_tls(master, tmp_path, certificates):
    environment = {**os.environ, "DASK_DISTRIBUTED__COMM__REQUIRE_ENCRYPTION": "true"}
    for name, path in certificates.items():
        variable = "DASK_" + name.replace(".", "__").replace("-", "_").upper()
        environment[variable] = path
    address_file = tmp_path / "scheduler.json"
    with ExitStack() as stack:

        def start(role, *arguments):
            command = [sys.executable, "-m", f"distributed.cli.dask_{role}", *arguments]
            process = subprocess.Popen(
                command, cwd=toy.ROOT, env=environment,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
            stack.callback(process.wait)
            stack.callback(process.terminate)

        start(
            "scheduler", "--protocol", "tls", "--host", "127.0.0.1", "--port", "0",
            "--no-dashboard", "--scheduler-file", str(address_file),
        )  # fmt: skip
        deadline = time.monotonic() + 60
        while not address_file.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        address = json.loads(address_file.read_text())["address"]
        assert address.startswith("tls://")
        for _ in range(2):
            start(
                "worker", address, "--nthreads", "1", "--no-dashboard",
                "--local-directory", str(tmp_path),
            )  # fmt: skip
        texts = list(map(str, range(10)))
        with dask.config.set(certificates):
            found = answers(master, texts, Place(1, address), tmp_path)
        assert found == {text: f"{text} graded".encode() for text in texts}
