"""The instructors' pages: the ten commands are run on the course, and stated limits are true."""

import csv
import io
import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode

from autograder.limits import Limits

REPOSITORY = Path(__file__).parents[2]
PAGE = (REPOSITORY / "chapters" / "teaching" / "teach.md").read_text(encoding="utf-8")
README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
ASSIGNMENT = "recurrent_cell"
NOTEBOOKS = ("recurrent_cell", "recurrent_cell_torch")
DERIVATIONS = {"jacobian": ("recurrent_cell", 5.0), "cut_gradient": ("recurrent_cell_torch", 4.0)}
BATCH_FIRST = """def sequence_shapes(T, N, D, H, K):
    weights = {"weight_ih": (H, D), "weight_hh": (H, H), "bias_ih": (H,), "weight_hy": (K, H)}
    states = {"first_h": (N, H), "all_h": (N, T, H), "all_y": (N, T, K)}
    return {"all_x": (N, T, D), "one_x": (N, D)} | states | weights
"""
BATCH_FIRST_HINT = "Your batch stands before time."
START_SECONDS = 90
(CLONE, INSTALL, RELEASE, COLLECT, GRADE, REPORT, MARK, GRADE_AGAIN, EXPORT, RETURN) = range(10)


def blocks(page: str, heading: str) -> list[str]:
    """Return the commands of a section, one a block."""
    section = page.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return re.findall(r"^```bash\n(.*?)^```$", section, flags=re.M | re.S)


COMMANDS = blocks(PAGE, "Ten commands")


# A class of three, taken through the page --------------------------------------------------------


def publish(folder: Path) -> None:
    """Make a repository of the course as it stands here, for others to clone."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (REPOSITORY / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(REPOSITORY / name, folder / name)
    author = ["-c", "user.name=course", "-c", "user.email=course@example.org"]
    for arguments in (["init", "-q"], ["add", "-A"], [*author, "commit", "-q", "-m", "course"]):
        subprocess.run(["git", *arguments], cwd=folder, check=True)


def set_up(course: Path) -> None:
    """Give a clone the Python of these tests, in place of what `make` would install."""
    (course / ".venv").mkdir()
    for entry in Path(sys.prefix).iterdir():
        if entry.name != "installed":
            (course / ".venv" / entry.name).symlink_to(entry)
    (course / ".venv" / "installed").touch()


def run(course: Path, command: str) -> "subprocess.CompletedProcess[str]":
    """Run a command of the page in the course's folder."""
    return subprocess.run(
        ["bash", "-ec", command],
        cwd=course,
        env=environment(course),
        capture_output=True,
        text=True,
    )


def environment(course: Path) -> dict[str, str]:
    """Return the environment in which Python imports what was cloned."""
    return os.environ | {"PYTHONPATH": str(course), "COLUMNS": "100"}


def hand_in(course: Path) -> None:
    """Fill the inbox: all right, nothing written, and one mistake."""
    for name in NOTEBOOKS:
        solution = nbformat.read(course / "solutions" / ASSIGNMENT / f"{name}.ipynb", 4)
        released = nbformat.read(course / "exercises" / ASSIGNMENT / f"{name}.ipynb", 4)
        submissions = {"ada": solution, "ben": released, "cleo": with_a_mistake(solution)}
        for student, notebook in submissions.items():
            (course / "inbox" / student).mkdir(parents=True, exist_ok=True)
            nbformat.write(notebook, course / "inbox" / student / f"{name}.ipynb")


def with_a_mistake(solution: NotebookNode) -> NotebookNode:
    """Return a solution whose answer to the first question puts the batch before time."""
    notebook = nbformat.from_dict(json.loads(json.dumps(solution)))
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "sequence_shapes_solution":
            cell.source = BATCH_FIRST
    return notebook


class Formgrader:
    """Formgrader's interface, as its pages use it."""

    def __init__(self, port: int, token: str) -> None:
        self.address, self.token = f"http://127.0.0.1:{port}", token

    def ask(self, path: str, body: dict[str, Any] | None = None) -> str:
        """Read an address, or put a body there."""
        request = urllib.request.Request(
            self.address + path,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"token {self.token}"},
            method="GET" if body is None else "PUT",
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return str(answer.read().decode())

    def mark(self, student: str, question: str, points: float) -> None:
        """Give points by hand."""
        notebook = DERIVATIONS[question][0]
        path = f"/formgrader/api/submitted_notebooks/{ASSIGNMENT}/{notebook}"
        submitted = {each["student"]: each["id"] for each in json.loads(self.ask(path))}
        grades = json.loads(self.ask(f"/formgrader/api/grades?submission_id={submitted[student]}"))
        grade = next(each["id"] for each in grades if each["name"] == question)
        self.ask(f"/formgrader/api/grade/{grade}", {"manual_score": points})


@contextmanager
def serving(course: Path, command: str) -> Iterator[Formgrader]:
    """Run the page's command for formgrader, without a browser, until it answers."""
    port = free_port()
    token = secrets.token_hex(16)
    options = f"--no-browser --ServerApp.port={port} --IdentityProvider.token={token}"
    root = " --allow-root" if os.geteuid() == 0 else ""
    log = course.parent / "server.log"
    with log.open("w") as output:
        server = subprocess.Popen(
            ["bash", "-c", f"exec {command.strip()} {options}{root}"],
            cwd=course,
            env=environment(course),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    formgrader = Formgrader(port, token)
    try:
        end = time.monotonic() + START_SECONDS
        while True:
            try:
                formgrader.ask("/formgrader/api/status")
                break
            except OSError:
                assert server.poll() is None, log.read_text()
                assert time.monotonic() < end, log.read_text()
                time.sleep(0.2)
        yield formgrader
    finally:
        server.terminate()
        server.wait(30)


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """Go through the ten commands in their order; keep what each of them said."""
    address = tmp_path_factory.mktemp("address")
    course = tmp_path_factory.mktemp("class") / "course"
    course.mkdir()
    publish(address)
    done = {CLONE: run(course, COMMANDS[CLONE].replace("ADDRESS", str(address)))}
    set_up(course)
    done[RELEASE] = run(course, COMMANDS[RELEASE])
    hand_in(course)
    for step in (COLLECT, GRADE, REPORT):
        done[step] = run(course, COMMANDS[step])
    with serving(course, COMMANDS[MARK]) as formgrader:
        page = formgrader.ask("/formgrader")
        for question, (_, points) in DERIVATIONS.items():
            formgrader.mark("ada", question, points)
            formgrader.mark("cleo", question, 1.5)
    for step in (GRADE_AGAIN, EXPORT, RETURN):
        done[step] = run(course, COMMANDS[step])
    return SimpleNamespace(course=course, done=done, formgrader=page)


def table(course: Path) -> dict[tuple[str, str], dict[str, str]]:
    """Read the class's table by student and notebook."""
    with (course / "classroom" / f"{ASSIGNMENT}.csv").open(newline="") as file:
        return {(row["student"], row["notebook"]): row for row in csv.DictReader(file)}


def test_there_are_ten_commands() -> None:
    assert len(COMMANDS) == 10
    section = PAGE.partition("## Ten commands\n")[2].partition("\n## ")[0]
    numbers = re.findall(r"^\*\*(\d+)\. ", section, flags=re.M)
    assert numbers == [str(number) for number in range(1, 11)]


@pytest.mark.parametrize("step", sorted({*range(10)} - {INSTALL, MARK}))
def test_each_command_ends_well(taught: SimpleNamespace, step: int) -> None:
    done = taught.done[step]
    assert done.returncode == 0, done.stdout + done.stderr


def test_bubblewrap_can_be_installed_by_that_command() -> None:
    if shutil.which("apt-get") is None:
        pytest.skip("no apt-get here; the page names the command of another system")
    command = COMMANDS[INSTALL].removeprefix("sudo apt-get ").strip()
    tried = subprocess.run(["apt-get", "--simulate", *command.split()], capture_output=True)
    assert tried.returncode == 0, tried.stderr
    assert command == "install bubblewrap"


def test_what_is_handed_out_is_made(taught: SimpleNamespace) -> None:
    with zipfile.ZipFile(taught.course / "dist" / "exercises.zip") as archive:
        names = {name.partition("/")[2] for name in archive.namelist()}
    wanted = {f"exercises/{ASSIGNMENT}/{name}" for name in ("hints.json", "recurrent_cell.ipynb")}
    assert wanted <= names
    assert not [name for name in names if is_secret(Path(name))]


def is_secret(path: Path) -> bool:
    """Tell whether a file or folder is one that learners must not get."""
    return "solutions" in path.parts or path.match(f"{ASSIGNMENT}/wrong_answers.py")


def test_submissions_lie_where_the_grader_looks(taught: SimpleNamespace) -> None:
    found = (taught.course / "classroom" / "submitted").rglob("*.ipynb")
    assert {(path.parts[-3], path.parts[-2], path.stem) for path in found} == {
        (student, ASSIGNMENT, name) for student in ("ada", "ben", "cleo") for name in NOTEBOOKS
    }


def test_the_class_is_graded(taught: SimpleNamespace) -> None:
    rows = table(taught.course)
    assert {row["status"] for row in rows.values()} == {"graded"}
    full, none, mistaken = (
        [float(rows[student, name]["score"]) for name in NOTEBOOKS]
        for student in ("ada", "ben", "cleo")
    )
    most = [float(rows["ada", name]["max_score"]) for name in NOTEBOOKS]
    assert (full, none, mistaken) == (most, [0, 0], [most[0] - 2, most[1]])
    assert taught.done[GRADE].stdout.splitlines()[-1] == "6 graded, 0 cached, 0 need a look."


def test_the_report_names_the_mistake(taught: SimpleNamespace) -> None:
    folder = taught.course / "classroom" / "reports" / ASSIGNMENT
    assert f"Open `report.html` in `classroom/reports/{ASSIGNMENT}/`" in PAGE
    assert (folder / "report.html").is_file()
    assert "batch_before_time" in (folder / "report-mistakes.csv").read_text()


def test_formgrader_answers(taught: SimpleNamespace) -> None:
    assert "formgrader" in taught.formgrader.lower()


def test_nothing_is_graded_twice_and_marks_by_hand_come_in(taught: SimpleNamespace) -> None:
    assert taught.done[GRADE_AGAIN].stdout.splitlines()[-1] == "0 graded, 6 cached, 0 need a look."
    for name, points in DERIVATIONS.values():
        said = feedback(taught.course, "ada", f"{name}.txt").decode()
        assert re.search(rf"\b{points:g} of {points:g}\b", said)


def test_the_marks_are_exported(taught: SimpleNamespace) -> None:
    text = (taught.course / "classroom" / "grades.csv").read_text()
    scores = {row["student_id"]: row for row in csv.DictReader(io.StringIO(text))}
    assert scores["ada"]["score"] == scores["ada"]["max_score"]
    assert float(scores["ben"]["score"]) == 0
    derived = sum(points for _, points in DERIVATIONS.values())
    expected = float(scores["ada"]["max_score"]) - 2 - derived + 1.5 * len(DERIVATIONS)
    assert float(scores["cleo"]["score"]) == expected


def feedback(course: Path, student: str, name: str) -> bytes:
    """Read a file of the archive that a learner gets."""
    with zipfile.ZipFile(course / "classroom" / "returned" / f"{student}.zip") as archive:
        return archive.read(f"{ASSIGNMENT}/{name}")


@pytest.mark.parametrize("student", ["ada", "ben", "cleo"])
def test_each_learner_gets_the_own_feedback(taught: SimpleNamespace, student: str) -> None:
    with zipfile.ZipFile(taught.course / "classroom" / "returned" / f"{student}.zip") as archive:
        names = {name for name in archive.namelist() if not name.endswith("/")}
        text = "".join(archive.read(name).decode() for name in names)
    kinds = ("html", "txt")
    assert names == {f"{ASSIGNMENT}/{name}.{kind}" for name in NOTEBOOKS for kind in kinds}
    own = {"ada": "jacobian: 5 of 5", "ben": "not written yet", "cleo": BATCH_FIRST_HINT}
    assert {name for name, words in own.items() if words in " ".join(text.split())} == {student}


# The other commands of the page ------------------------------------------------------------------


@pytest.fixture(scope="module")
def small(taught: SimpleNamespace) -> Path:
    """Return a course with one notebook and one learner, so that each run of it is short."""
    course: Path = taught.course.parent / "small"
    left_out = shutil.ignore_patterns("classroom", f"{NOTEBOOKS[1]}.ipynb")
    shutil.copytree(taught.course, course, symlinks=True, ignore=left_out)
    (course / "inbox" / "ada").rename(course / "ada")
    (course / "inbox" / "cleo").rename(course / "cleo")
    assert run(course, COMMANDS[COLLECT]).returncode == 0
    return course


def test_a_new_round_has_another_seed_and_a_seed_can_be_set(small: Path) -> None:
    begin, repeat = blocks(PAGE, "Marking rounds and seeds")[0].splitlines()
    for command in (repeat, begin):
        assert run(small, command).returncode == 0
    rounds = json.loads((small / "classroom" / "rounds.json").read_text())[ASSIGNMENT]
    assert len({each["seed"] for each in rounds}) == len(rounds) == 2
    assert rounds[0]["seed"] == int(repeat.split()[-1])


def test_an_edition_is_written(small: Path) -> None:
    (command,) = blocks(PAGE, "An edition for one class")
    done = run(small, command)
    assert done.returncode == 0, done.stderr
    written = [path.relative_to(small / "edition") for path in (small / "edition").rglob("*")]
    assert f"{ASSIGNMENT}.ipynb" in {path.name for path in written}
    assert not [path for path in written if is_secret(path)]


def test_a_cluster_grades(small: Path) -> None:
    settings, use = blocks(PAGE, "A class on several machines")
    done = run(small, settings)
    assert done.returncode == 0, done.stderr
    port = str(free_port())
    here = use.replace("HOST", "127.0.0.1").replace("8786", port)
    export, scheduler, workers, grade = here.splitlines()
    scheduler += " --host 127.0.0.1"
    workers = workers.replace("--nworkers 4", "--nworkers 1")
    workers += f" --local-directory {small.parent / 'worker'}"
    servers = [start(small, f"{export}; exec {command}") for command in (scheduler, workers)]
    try:
        wait_for(int(port))
        graded = run(small, f"{export}; {grade} --force")
        plain = run(small, grade.replace("tls://", "tcp://"))
    finally:
        for server in servers:
            server.terminate()
        for server in servers:
            server.wait(30)
    assert graded.returncode == 0, graded.stdout + graded.stderr
    assert graded.stdout.splitlines()[-1] == "1 graded, 0 cached, 0 need a look."
    assert plain.returncode == 1
    assert "--insecure" in plain.stderr


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def start(course: Path, command: str) -> "subprocess.Popen[bytes]":
    """Start a server that says nothing."""
    return subprocess.Popen(
        ["bash", "-c", command],
        cwd=course,
        env=environment(course),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def wait_for(port: int) -> None:
    """Wait until somebody listens at a port."""
    end = time.monotonic() + START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
            return
        except OSError:
            assert time.monotonic() < end
            time.sleep(0.2)


def test_the_status_is_the_stated_one(small: Path) -> None:
    assert "0 if all is graded, with 3 if some notebooks need a look, and with 1 if" in PAGE
    grade = f".venv/bin/autograder grade {ASSIGNMENT}"
    path = small / "classroom" / "submitted" / "ben" / ASSIGNMENT / f"{NOTEBOOKS[0]}.ipynb"
    path.write_text("{")
    assert run(small, grade).returncode == 3
    assert run(small, grade + "_unknown").returncode == 1


# The limits --------------------------------------------------------------------------------------


def stated_limits(page: str) -> dict[str, float]:
    """Read the README's table of limits, in seconds, bytes and numbers."""
    table = page.partition("<!-- limits begin -->")[2].partition("<!-- limits end -->")[0]
    units = {"": 1, "s": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30}
    rows = re.findall(r"^\| `(\w+)` \| ([\d.]+) ?(\w*) \|", table, flags=re.M)
    return {name: float(number) * units[unit] for name, number, unit in rows}


def test_the_readme_states_the_limits() -> None:
    assert stated_limits(README) == Limits().as_json()


def test_a_limit_that_is_not_true_is_found() -> None:
    wrong = README.replace("| 20 s |", "| 21 s |")
    assert wrong != README
    assert stated_limits(wrong) != Limits().as_json()
    assert len(stated_limits(README)) == len(fields(Limits))


def test_the_limit_that_the_pages_change_can_be_changed() -> None:
    for page in (README, PAGE):
        name, value = re.findall(r"`c\.Limits\.(\w+) = ([\d.]+)`", page)[0]
        assert Limits.from_json({name: float(value)}) != Limits()
