"""The published attacks: each mark, the neighbours' marks, and that the run went on."""

import hashlib
import importlib
import itertools
import json
import math
import os
import re
import shutil
import stat
import subprocess
import sys
import zlib
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import pytest

from autograder.course import Course
from autograder.release import release
from tests.autograder import fuzz, plain_nbgrader, toy
from tests.autograder.attacks import tools
from tests.autograder.attacks.listening import listening

FOLDER = Path(__file__).parent / "attacks"
KINDS = ("accident", "forging", "harm", "reading")
ATTACKS = {
    path.stem: importlib.import_module(f"tests.autograder.attacks.{path.stem}")
    for path in sorted(FOLDER.glob("*.py"))
    if path.stem.partition("_")[0] in KINDS
}
NEIGHBOURS = ("a-honest", "m-honest", "z-honest")
SMALL_LIMITS = """
c.Limits.cell_seconds = 3
c.Limits.call_seconds = 2
c.Limits.notebook_seconds = 15
c.Limits.wall_factor = 2
c.Limits.memory = 512 * 2**20
"""
ITEMS = {
    "forging": {
        "metadata and tags", "display hooks", "IPython and kernel hooks",
        "patched test tools and reference code", "equal-to-everything objects", "frames",
        "threads", "imports by name", "working-directory shadowing", "start-up files",
        "forged replies", "SQLite", "from outside",
    },
    "reading": {
        "files", "environment", "/proc", "other submissions", "history", "the network", "the tests",
        "from outside",
    },
    "harm": {
        "files", "processes", "signals", "memory", "forks", "disk", "output floods",
        "the next student", "the grader's own files", "the instructor's browser",
        "from outside",
    },
    "accident": {
        "copied cells", "deleted cells", "reordered cells", "renamed cells", "wrong kernel name",
        "old or future schema", "truncated or binary file", "warnings on stderr",
        "endless loops in Python and in C", "crash of the interpreter", "input()",
        "a file named numpy.py", "200 MB of prints", "NaN as a score", "no newline",
        "a cell of 1 MB", "everyday mistakes", "from outside",
    },
}  # fmt: skip
FULL = {"double": 3, "count": 1}
PLACES = (
    "/",
    "/etc",
    "/usr",
    "/usr/local/bin",
    "/var",
    "/tmp",
    "/var/tmp",
    "/dev/shm",
    "/run",
    "~",
)


def course_at(root):
    """Write the toy course with small limits, and canaries in and beside it."""
    course = root / "course"
    course.mkdir()
    toy.write_course(course)
    with (course / "nbgrader_config.py").open("a") as config:
        config.write(SMALL_LIMITS)
    release(Course.at(course))
    write_canaries(course)
    return course


def write_canaries(course):
    """Put a file beside the course, and an object into its history."""
    beside = course.parent / "private" / "grades.txt"
    beside.parent.mkdir()
    beside.write_text(tools.BESIDE_CANARY)
    history = course / ".git" / "objects" / "ab" / ("0" * 38)
    history.parent.mkdir(parents=True)
    text = tools.HISTORY_CANARY.encode()
    history.write_bytes(zlib.compress(b"blob %d\0%b" % (len(text), text)))


def honest(released):
    """Return a neighbour's notebook: all is right, and a canary stands in it."""
    answer = f"def double(x):\n    {tools.NEIGHBOUR_CANARY} = 2 * x\n"
    answer += f"    return {tools.NEIGHBOUR_CANARY}"
    return tools.answered(released, double_solution=answer)


def fingerprint(root):
    """Return what lies below a folder: kinds of files, links and contents."""
    found = {}
    for path in sorted(root.rglob("*")):
        mode = path.lstat().st_mode
        content = ""
        if stat.S_ISLNK(mode):
            content = str(path.readlink())
        elif stat.S_ISREG(mode) and path.stat().st_size < 2**30:
            content = hashlib.sha256(path.read_bytes()).hexdigest()
        found[str(path.relative_to(root))] = (mode, content)
    return found


def sources(course):
    """Return the fingerprints of what grading only reads."""
    folders = [course / "solutions", course / "exercises", course / ".git"]
    folders += [course / "classroom" / "submitted", course.parent / "private"]
    config = (course / "nbgrader_config.py").read_bytes()
    return [config, *map(fingerprint, folders)]


def left_files():
    """Return the files that an attack has left in the machine's folders."""
    folders = [Path(place).expanduser() for place in PLACES]
    return {path for folder in folders for path in folder.glob(f"*{tools.MARK}*")}


def left_processes():
    """Return the processes that carry the mark of an attack."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            said = (process / "comm").read_text() + (process / "cmdline").read_text()
        except OSError:  # it has ended meanwhile
            continue
        if tools.MARK in said.replace("\0", " ").split():
            found.append(said)
    return found


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """One run over all attacks and their honest neighbours."""
    course = course_at(tmp_path_factory.mktemp("attacks"))
    released = json.loads((course / "exercises/toy/toy.ipynb").read_text())
    for student in (*ATTACKS, *NEIGHBOURS):
        folder = course / "classroom/submitted" / student / "toy"
        folder.mkdir(parents=True)
        if student in NEIGHBOURS:
            tools.write(folder, honest(released))
        else:
            ATTACKS[student].hand_in(folder, json.loads(json.dumps(released)))
    before = sources(course), left_files()
    arguments = ["grade", "toy", "--course", course, "--json", course / "results.json"]
    with listening(tools.NETWORK_CANARY, tools.PORTS, tools.SOCKET_NAME):
        done = subprocess.run(
            [sys.executable, "-m", "autograder", *map(str, arguments)],
            capture_output=True,
            text=True,
            cwd=toy.ROOT,
            env=os.environ | {"TOY_TOKEN": tools.ENVIRONMENT_CANARY},
            timeout=1800,
        )
    processes = left_processes()
    assert (course / "results.json").is_file(), done.stderr[-3000:]
    results = json.loads((course / "results.json").read_text())
    return SimpleNamespace(
        course=course,
        done=done,
        results={result["student"]: result for result in results},
        before=before,
        after=(sources(course), left_files()),
        processes=processes,
    )


def allowed(expected):
    return expected if isinstance(expected, set) else {expected}


def handed_in(course, student):
    """Return the text of all that an attack handed in."""
    folder = course / "classroom/submitted" / student / "toy"
    if folder.is_symlink():
        return ""
    files = [p for p in folder.rglob("*") if not p.is_symlink() and p.is_file()]
    small = [path for path in files if path.stat().st_size < 2**30]
    return "\n".join(path.read_bytes().decode("utf-8", "replace") for path in small)


def autograded(course, student):
    """Return the autograded notebook, or None where there is none."""
    path = course / "classroom/autograded" / student / "toy/toy.ipynb"
    return json.loads(path.read_text()) if path.is_file() else None


def pages(course, student):
    """Return the learner's feedback: pages and texts."""
    found = (course / "classroom/feedback" / student / "toy").glob("toy.*")
    return {path.suffix: path.read_text() for path in found}


def told(ran, student):
    """Return all that came out for one student."""
    notebook = autograded(ran.course, student) or {"cells": [], "metadata": {}}
    cells = [cell.get("outputs", []) for cell in notebook["cells"]]
    gradings = [each["metadata"].get("grading") for each in (notebook, *notebook["cells"])]
    said = json.dumps([cells, gradings, ran.results[student]], ensure_ascii=False)
    return "\n".join([said, *pages(ran.course, student).values()])


def test_the_run_went_on_and_says_that_some_need_a_look(ran):
    assert ran.done.returncode == 3, ran.done.stderr[-3000:]
    assert "Traceback" not in ran.done.stderr
    assert ran.results.keys() == {*ATTACKS, *NEIGHBOURS}
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", ran.done.stdout + ran.done.stderr)


@pytest.mark.parametrize("student", NEIGHBOURS)
def test_honest_neighbours_have_full_marks(ran, student):
    result = ran.results[student]
    assert (result["status"], result["reasons"]) == ("graded", [])
    assert {name: result["questions"][name]["score"] for name in FULL} == FULL


@pytest.mark.parametrize("name", ATTACKS)
def test_the_mark_is_the_stated_one(ran, name):
    attack, result = ATTACKS[name], ran.results[name]
    scores = {question: result["questions"][question]["score"] for question in attack.SCORES}
    for question, expected in attack.SCORES.items():
        assert scores[question] in allowed(expected), (scores, result)
    assert result["status"] in ({attack.STATUS} if attack.STATUS else {"graded", "needs_look"})


@pytest.mark.parametrize("name", ATTACKS)
def test_the_result_is_whole(ran, name):
    result = ran.results[name]
    assert result["questions"].keys() == {"double", "count", "derive"}
    assert [q["max_score"] for q in result["questions"].values()] == [3, 1, 2]
    assert result["questions"]["derive"]["score"] in (0, None)
    scores = [result["questions"][question]["score"] for question in FULL]
    assert result["score"] == sum(score or 0 for score in scores)
    assert math.isfinite(result["score"])
    assert bool(result["reasons"]) is (result["status"] == "needs_look")


@pytest.mark.parametrize(
    "name", [name for name, attack in ATTACKS.items() if None in allowed(attack.SCORES["count"])]
)
def test_what_is_not_surely_read_has_full_marks_or_needs_a_look(ran, name):
    result = ran.results[name]
    scores = {question: result["questions"][question]["score"] for question in FULL}
    empty = name == "accident_all_deleted"
    assert result["status"] == "needs_look" or scores == FULL or empty


@pytest.mark.parametrize("name", ATTACKS)
def test_nothing_hidden_comes_out(ran, name):
    secrets = (*tools.CANARIES, *getattr(ATTACKS[name], "LEAKS", ()))
    own, out = handed_in(ran.course, name), told(ran, name)
    assert not [secret for secret in secrets if secret in own]
    assert not [secret for secret in secrets if secret in out]


@pytest.mark.parametrize("name", ATTACKS)
def test_nothing_that_was_to_be_dropped_comes_out(ran, name):
    out = told(ran, name)
    assert not [echo for echo in getattr(ATTACKS[name], "ECHOES", ()) if echo in out]


@pytest.mark.parametrize("name", ATTACKS)
def test_no_learner_is_told_what_a_call_saw(ran, name):
    pages_of = "\n".join(pages(ran.course, name).values())
    secrets = getattr(ATTACKS[name], "LEAKS_TO_LEARNERS", ())
    assert not [secret for secret in secrets if secret in pages_of]


@pytest.mark.parametrize("name", ATTACKS)
def test_only_short_plain_outputs_reach_the_autograded_notebook(ran, name):
    notebook = autograded(ran.course, name)
    for cell in notebook["cells"] if notebook else []:
        outputs = cell.get("outputs", [])
        assert len(outputs) <= 1
        for output in outputs:
            assert output["output_type"] in ("stream", "error")
            text = json.dumps(output)
            assert len(text) < 10**6
            assert not re.search(r"\\u00(0[0-8b-f]|1|7f|[89])|\\ud[89a-f]", text)


class Dangers(HTMLParser):
    """Collects what could run, load or send something."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        if tag in ("script", "iframe", "object", "embed", "form", "base", "link", "img", "svg"):
            self.found.append(tag)
        for name, value in attributes:
            address = re.sub(r"[\s\x00-\x1f]", "", value or "").lower()
            loads = (
                name in ("src", "srcset", "data", "action", "background") or address == "refresh"
            )
            bad_link = name.endswith("href") and not address.startswith(("http", "#", "mailto:"))
            if loads or bad_link or name.startswith("on") or "url(" in address:
                self.found.append(f"{tag} {name}={value}")


def test_the_search_for_dangers_finds_them():
    for bad in (
        "<script>",
        "<a href=' java\nscript:x'>",
        "<p onclick=x>",
        "<p style='a:url(x)'>",
        "<meta http-equiv=Refresh>",
    ):
        seen = Dangers()
        seen.feed(bad)
        assert seen.found


@pytest.mark.parametrize("name", ATTACKS)
def test_feedback_runs_nothing_and_loads_nothing(ran, name):
    seen = Dangers()
    seen.feed(pages(ran.course, name).get(".html", ""))
    assert seen.found == []


def test_what_is_graded_has_feedback(ran):
    graded = [name for name, result in ran.results.items() if result["status"] == "graded"]
    assert graded
    assert [name for name in graded if ".html" not in pages(ran.course, name)] == []


def test_no_source_has_changed_and_nothing_is_left(ran):
    assert ran.after == ran.before
    assert ran.processes == []


def test_every_class_that_is_promised_is_covered():
    for kind, items in ITEMS.items():
        assert {attack.ITEM for attack in ATTACKS.values() if kind == attack.KIND} == items
    assert len(ATTACKS) >= 66
    for name, attack in ATTACKS.items():
        title, _, must = attack.__doc__.partition("\n\n")
        assert name.startswith(attack.KIND)
        assert len(name) <= 64
        assert title.endswith(".")
        assert must.strip().endswith(".")


def test_a_process_that_stays_is_found():
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "bufsize": 0}
    with subprocess.Popen([tools.MARK], executable=shutil.which("cat"), **pipes) as process:
        process.stdin.write(b"\n")
        process.stdout.read(1)  # it runs
        assert left_processes()
    assert left_processes() == []


def test_a_changed_source_is_found(tmp_path):
    course = course_at(tmp_path)
    seen = [sources(course)]
    for path in (course / "solutions/toy/toy.ipynb", tmp_path / "private/grades.txt"):
        path.write_text("changed")
        seen.append(sources(course))
    (course / "exercises/left-behind.txt").symlink_to("toy")
    seen.append(sources(course))
    assert all(a != b for a, b in itertools.pairwise(seen))


BOXES = [(0, 3, False), (1000, 400, False), (1000, 3, True)]


@pytest.mark.parametrize(("user", "processes", "boxed"), BOXES)
def test_harm_is_done_in_a_box_alone(monkeypatch, user, processes, boxed):
    monkeypatch.setattr(os, "getuid", lambda: user)
    monkeypatch.setattr(os, "listdir", lambda place: [*map(str, range(processes)), "self"])
    names = {}
    exec(tools.BOXED, names)
    assert names["boxed"] is boxed


@pytest.mark.parametrize("name", ATTACKS)
def test_what_would_harm_this_machine_asks_for_the_box(name):
    text = (FOLDER / f"{name}.py").read_text()
    if re.search(r"os\.(kill|killpg|execv|setsid)\(|file\.write\(block\)|bytearray\(", text):
        assert re.search(r"(if|for .* if|while) .*\bboxed\b", text)


SEEN = {"scores": {"double": 0.0, "count": 1.0}, "printed": "", "harm": []}
VERDICTS = [
    ("withstood", {}),
    ("forged", {"scores": {"double": 3.0, "count": 1.0}}),
    ("forged", {"scores": {"double": 0.0, "count": 1.5}}),
    ("leaked", {"printed": f"loot: {tools.HISTORY_CANARY}"}),
    ("leaked", {"printed": "a leak of its own"}),
    ("harmed", {"harm": ["a process stays"]}),
    ("harmed", {"scores": {"double": 0.0, "count": 0.0}}),
    ("aborted", {"scores": {}}),
    ("aborted", {"scores": {"double": 0.0, "count": None}}),
]


@pytest.mark.parametrize(("outcome", "seen"), VERDICTS)
def test_what_plain_nbgrader_did_has_one_name(outcome, seen):
    attack = SimpleNamespace(SCORES={"double": {0, 2}, "count": 1}, LEAKS=("a leak of its own",))
    assert plain_nbgrader.verdict(attack, SEEN | seen)["outcome"] == outcome


@pytest.mark.parametrize("seen", [{}, {"harm": ["the run did not end"]}])
def test_a_box_in_which_honest_answers_fail_is_no_witness(seen, tmp_path, monkeypatch):
    released = fuzz.released()
    full = {"scores": {"double": 3.0, "count": 1.0}}
    monkeypatch.setattr(plain_nbgrader, "run_in_box", lambda *_: SEEN | full)
    plain_nbgrader.must_be_sound(tmp_path, tmp_path / "right", released)
    came = SEEN | (full | seen if seen else {})
    monkeypatch.setattr(plain_nbgrader, "run_in_box", lambda *_: came)
    with pytest.raises(SystemExit, match="does not grade an honest submission"):
        plain_nbgrader.must_be_sound(tmp_path, tmp_path / "wrong", released)


def test_the_table_of_plain_nbgrader_has_each_attack_that_is_a_notebook(ran):
    submitted = ran.course / "classroom/submitted"
    notebooks = [n for n in ATTACKS if plain_nbgrader.is_notebook(submitted / n / "toy/toy.ipynb")]
    table = json.loads(plain_nbgrader.RESULTS.read_text())
    assert sorted(table) == notebooks
    outcomes = {result["outcome"] for result in table.values()}
    assert {"forged", "leaked", "harmed"} < outcomes
    assert outcomes <= {"forged", "leaked", "harmed", "aborted", "withstood"}
