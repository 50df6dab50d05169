"""The attacks under plain nbgrader, each in a throw-away box, as a table beside this autograder.

``python -m tests.autograder.plain_nbgrader`` runs what ``attacks/plain_nbgrader.json`` does not
hold yet; names of attacks as arguments run these again. It needs Linux, root and bubblewrap. A box
has namespaces of its own and no network; in it nbgrader runs under an unprivileged user, with
limits. In this file, everything from `inside` on runs in the box.

A mark above the allowed ones is "forged", a canary in the outputs is "leaked". "harmed" is a
changed source, a changed mark of a neighbour, a process that stays, a script in the feedback page,
a box that was killed, or an honest learner who has fewer points than are due. "aborted" is a mark
that never came. Else the attack is "withstood".
"""

import contextlib
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

RESULTS = Path(__file__).parent / "attacks" / "plain_nbgrader.json"
USER = "65501"
MEMORY, FILE_SIZE, PROCESSES, CPU_SECONDS, SECONDS = 4 * 2**30, 50 * 2**20, 200, 60, 90
HOME = Path("/home/grader")
MARKER = "result of the box: "
CONFIG = """
from pathlib import Path

c = get_config()
book = Path(__file__).resolve().parent / "classroom" / "gradebook.db"
c.CourseDirectory.db_url = f"sqlite:///{book}"
c.CourseDirectory.course_id = "toy"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "exercises"
c.CourseDirectory.submitted_directory = "classroom/submitted"
c.CourseDirectory.autograded_directory = "classroom/autograded"
c.CourseDirectory.feedback_directory = "classroom/feedback"
c.Execute.timeout = 10
"""
MARKS = """
SELECT base_cell.name, COALESCE(manual_score, auto_score) + COALESCE(extra_credit, 0)
FROM grade
JOIN base_cell ON base_cell.id = grade.cell_id
JOIN submitted_notebook ON submitted_notebook.id = grade.notebook_id
JOIN submitted_assignment ON submitted_assignment.id = submitted_notebook.assignment_id
WHERE student_id = ? AND base_cell.name IN ('double', 'count')
"""


def main(names):
    """Run the attacks that are named, or those that have no result yet."""
    from tests.autograder.test_attacks import ATTACKS

    done = json.loads(RESULTS.read_text()) if RESULTS.is_file() else {}
    with tempfile.TemporaryDirectory() as scratch:
        template = Path(scratch) / "template"
        released = make_template(template)
        must_be_sound(template, Path(scratch) / "honest", released)
        for name in names or [name for name in ATTACKS if name not in done]:
            handed_in = Path(scratch) / name
            handed_in.mkdir()
            submission = handed_in / "toy"
            submission.mkdir()
            ATTACKS[name].hand_in(submission, json.loads(json.dumps(released)))
            if is_notebook(submission / "toy.ipynb"):
                seen = run_in_box(template, submission, name, ATTACKS[name].ITEM)
                done[name] = verdict(ATTACKS[name], seen)
                print(f"{name}: {done[name]['outcome']}", flush=True)
                save({name: done[name] for name in sorted(done.keys() & ATTACKS.keys())})
            shutil.rmtree(handed_in)


def must_be_sound(template, folder, released):
    """Stop where an honest submission is not graded as is due: then the box is at fault."""
    from tests.autograder import toy
    from tests.autograder.test_attacks import honest

    toy.submit(folder, "honest", honest(released))
    submission = folder / "classroom/submitted/honest/toy"
    seen = run_in_box(template, submission, "honest", None)
    if seen["scores"] != {"double": 3.0, "count": 1.0} or seen["harm"]:
        raise SystemExit(f"nbgrader does not grade an honest submission in its box: {seen}")


def save(results):
    """Replace the file of results."""
    lines = (f" {json.dumps(name)}: {json.dumps(result)}" for name, result in results.items())
    fresh = RESULTS.with_suffix(".new")
    fresh.write_text("{\n" + ",\n".join(lines) + "\n}\n")
    fresh.replace(RESULTS)


def is_notebook(path):
    """Tell whether a file fits into a box, and can be read as JSON with cells."""
    if path.parent.is_symlink() or path.is_symlink() or not path.is_file():
        return False
    if path.stat().st_size > FILE_SIZE:
        return False
    try:
        return "cells" in json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        return False


def make_template(template):
    """Make a course of stock settings in which one neighbour is graded and one waits."""
    from tests.autograder import toy
    from tests.autograder.test_attacks import honest, write_canaries

    course = template / "course"
    (course / "solutions" / "toy").mkdir(parents=True)
    (course / "nbgrader_config.py").write_text(CONFIG)
    (course / "solutions/toy/toy.ipynb").write_text(json.dumps(toy.master()))
    (course / "solutions/toy/wrong_answers.py").write_text(toy.WRONG)
    write_canaries(course)
    (course / "classroom").mkdir()
    nbgrader(course, "generate_assignment", "toy")
    released = json.loads((course / "exercises/toy/toy.ipynb").read_text())
    toy.submit(course, "a-honest", honest(released))
    nbgrader(course, "autograde", "toy")
    toy.submit(course, "z-honest", honest(released))
    return released


def nbgrader(course, *arguments):
    """Run nbgrader in the course's folder on what is trusted."""
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=course,
        capture_output=True,
        text=True,
        env=os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
    )
    if done.returncode:
        raise SystemExit(f"nbgrader {arguments[0]} failed:\n{done.stderr[-2000:]}")


def run_in_box(template, submission, name, item):
    """Run one attack in a box of its own, and return what `inside` saw."""
    from tests.autograder.attacks import tools

    job = {"student": name, "secret": tools.ENVIRONMENT_CANARY, "word": tools.NETWORK_CANARY}
    job["page"] = item == "the instructor's browser"
    done = subprocess.run(
        [*limits(), *box(template, submission), *as_user(), sys.executable, "/box/run.py"],
        input=json.dumps(job),
        capture_output=True,
        text=True,
        errors="replace",
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith(MARKER)]
    if not lines:
        return {"scores": {}, "printed": "", "harm": ["the box did not end by itself"]}
    return json.loads(lines[-1].removeprefix(MARKER))


def limits():
    """Return the start of a command that limits the rest."""
    return [
        "prlimit", f"--cpu={CPU_SECONDS}", f"--as={MEMORY}", f"--fsize={FILE_SIZE}",
        f"--nproc={PROCESSES}", "--core=0",
    ]  # fmt: skip


def box(template, submission):
    """Return the bubblewrap command: a system to read, a home folder to write to."""
    import rnncore

    folders = [Path(sys.base_prefix), Path(sys.prefix), Path(rnncore.__file__).parent]
    command = ["bwrap", "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts"]
    command += ["--unshare-cgroup", "--new-session", "--die-with-parent", "--clearenv"]
    command += ["--ro-bind", "/usr", "/usr", "--proc", "/proc", "--dev", "/dev"]
    for name in ("bin", "sbin", "lib", "lib64"):
        command += ["--symlink", f"usr/{name}", f"/{name}"]
    for place, size in (("/tmp", 2**29), ("/dev/shm", 2**26), (str(HOME), 2**29)):
        for parent in reversed(Path(place).parents[:-1]):
            command += ["--perms", "755", "--dir", str(parent)] if parent != Path("/dev") else []
        command += ["--perms", "1777", "--size", str(size), "--tmpfs", place]
    for folder in folders:
        for parent in reversed(folder.parents[:-1]):
            command += ["--perms", "755", "--dir", str(parent)]
        command += ["--ro-bind", str(folder), str(folder)]
    listening = Path(__file__).parent / "attacks" / "listening.py"
    command += ["--perms", "755", "--dir", "/box", "--ro-bind", __file__, "/box/run.py"]
    command += ["--ro-bind", str(listening), "/box/listening.py"]
    command += [
        "--ro-bind",
        str(template),
        "/box/template",
        "--ro-bind",
        str(submission),
        "/box/in",
    ]
    for name, value in {
        "HOME": str(HOME),
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "OMP_NUM_THREADS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }.items():
        command += ["--setenv", name, value]
    for capability in ("ALL", "CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP"):
        command += ["--cap-drop" if capability == "ALL" else "--cap-add", capability]
    return [*command, "--chdir", str(HOME)]


def as_user():
    """Return the part of the command that gives up all rights for good."""
    return [
        "setpriv", "--reuid", USER, "--regid", USER, "--clear-groups", "--no-new-privs",
        "--bounding-set=-all", "--inh-caps=-all", "timeout", "--kill-after=5", str(SECONDS),
    ]  # fmt: skip


def verdict(attack, seen):
    """Say what an attack achieved, from what was seen in its box."""
    from tests.autograder.attacks import tools

    scores = {question: seen["scores"].get(question) for question in ("double", "count")}
    sets = {q: v if isinstance(v, set) else {v} for q, v in attack.SCORES.items()}
    most = {q: max(score or 0 for score in allowed) for q, allowed in sets.items()}
    due = {q: 0 if None in v else min(v) for q, v in sets.items()}
    secrets = (*tools.CANARIES, *getattr(attack, "LEAKS", ()))
    if any((scores[question] or 0) > most[question] for question in most):
        outcome, why = "forged", "more points than are due"
    elif found := [secret for secret in secrets if secret in seen["printed"]]:
        outcome, why = "leaked", ", ".join(found)
    elif seen["harm"]:
        outcome, why = "harmed", "; ".join(seen["harm"])
    elif None in scores.values() and None not in sets["double"] | sets["count"]:
        outcome, why = "aborted", "no mark came"
    elif any((scores[question] or 0) < due[question] for question in due):
        outcome, why = "harmed", "fewer points than are due"
    else:
        outcome, why = "withstood", ""
    return {**scores, "outcome": outcome, "why": why}


def inside():
    """Grade one submission and a neighbour's, and tell what came of it."""
    from listening import listening

    job = json.loads(sys.stdin.read())
    course = HOME / "box" / "course"
    shutil.copytree("/box/template", HOME / "box", symlinks=True)
    waiting = course / "classroom/submitted" / job["student"] / "toy"
    waiting.parent.mkdir(parents=True)
    subprocess.run(["cp", "-r", "/box/in", waiting], check=True)  # copytree refuses pipes
    before = sources(course), marks(course, "a-honest")
    log = (HOME / "log").open("wb")
    with listening(job["word"], range(48700, 48800), "course-canary"):
        grading = subprocess.Popen(
            [sys.executable, "-m", "nbgrader", "autograde", "toy"],
            cwd=course,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=os.environ | {"TOY_TOKEN": job["secret"]},
        )
        with contextlib.suppress(subprocess.TimeoutExpired):
            grading.wait(SECONDS - 15)
    harm = [] if grading.poll() is not None else ["the run did not end"]
    grading.kill()
    harm += ["a process stays"] if stays() else []
    harm += ["sources changed"] if sources(course) != before[0] else []
    harm += ["a neighbour's mark changed"] if marks(course, "a-honest") != before[1] else []
    full = {"double": 3, "count": 1}
    harm += ["the next student lost marks"] if marks(course, "z-honest") != full else []
    if job.get("page") and script_in_feedback(course, job["student"]):
        harm.append("a script in the feedback page")
    seen = {"scores": marks(course, job["student"]), "printed": printed(course, job["student"])}
    sys.stdout.write("\n" + MARKER + json.dumps(seen | {"harm": harm}) + "\n")


def sources(course):
    """Return the hash of every file that grading only reads."""
    folders = ("solutions", "exercises", "classroom/submitted/a-honest", "../private")
    found = {}
    for path in sorted(path for folder in folders for path in (course / folder).rglob("*")):
        if path.is_file():
            found[str(path)] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def marks(course, student):
    """Return a student's marks as the gradebook has them."""
    book = sqlite3.connect(course / "classroom" / "gradebook.db", timeout=5)
    with contextlib.closing(book), contextlib.suppress(sqlite3.Error):
        return dict(book.execute(MARKS, (student,)).fetchall())
    return {}


def printed(course, student):
    """Return the outputs of the autograded notebook; of an error its message alone.

    nbgrader's own tracebacks show lines of hidden tests too, whatever the student does.
    """
    path = course / "classroom/autograded" / student / "toy/toy.ipynb"
    try:
        cells = json.loads(path.read_text())["cells"]
    except (OSError, ValueError):
        return ""
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    for output in outputs:
        output.pop("traceback", None)
    return json.dumps(outputs, ensure_ascii=False)[: 2**22]


def script_in_feedback(course, student):
    """Tell whether nbgrader's page of feedback carries a script of the student's."""
    command = [sys.executable, "-m", "nbgrader", "generate_feedback", "toy", "--student", student]
    subprocess.run(command, cwd=course, capture_output=True, timeout=60)
    for page in (course / "classroom/feedback" / student).rglob("*.html"):
        text = page.read_text()
        return "<script>alert(1)" in text or "<img src=x onerror" in text
    return False


def stays():
    """Tell whether a process with the mark of an attack is left."""
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if "left-behind" in (process / "comm").read_text():
                return True
    return False


if __name__ == "__main__":
    if __file__ == "/box/run.py":
        inside()
    else:
        main(sys.argv[1:])
