"""Time the grading of a class beside nbgrader's own execution; writes grading.json and grading.md.

Core-seconds are those of the whole machine, read from ``/proc/stat``, so that no process escapes
the count: run it on a machine that does nothing else. Memory is that of the largest process.
A learner's check stands beside a plain run of the same cells, in turn.
"""

import json
import os
import platform
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from autograder.bubblewrap import find_bubblewrap
from autograder.course import Course
from autograder.release import release

HERE = Path(__file__).parent
ROOT = HERE.parent
STOCK = """
c.Autograde.sanitize_preprocessors = [
    nbg.ClearOutput, nbg.DeduplicateIds, nbg.OverwriteKernelspec, nbg.OverwriteCells,
    nbg.CheckCellMetadata,
]
c.Autograde.autograde_preprocessors = [
    nbg.Execute, nbg.IgnorePattern, nbg.LimitOutput, nbg.SaveAutoGrades, nbg.AssignLatePenalties,
    nbg.CheckCellMetadata,
]
c.Execute.timeout = 60
c.Execute.shutdown_kernel = "immediate"
"""


def make_course(folder: Path, assignment: str, notebook: str, size: int, *, stock: bool) -> Path:
    """Write a course of one notebook and a class: some right, some half done, some hardly."""
    config = (ROOT / "nbgrader_config.py").read_text() + (STOCK if stock else "")
    (folder / "nbgrader_config.py").write_text(config)
    master = ROOT / "solutions" / assignment / f"{notebook}.ipynb"
    target = folder / "solutions" / notebook
    target.mkdir(parents=True)
    shutil.copy(master, target)
    shutil.copy(master.with_name("wrong_answers.py"), target)
    release(Course.at(folder))
    stub = json.loads((folder / "exercises" / notebook / f"{notebook}.ipynb").read_text())
    solution = json.loads(master.read_text())
    right = {name: cell["source"] for name, cell in _answers(solution)}
    chance = random.Random(1)
    for student in range(size):
        handed_in = json.loads(json.dumps(stub))
        share = (1.0, 0.6, 0.3)[student % 3]
        for name, cell in _answers(handed_in):
            if chance.random() < share:
                cell["source"] = right[name]
            elif chance.random() < 0.5:
                source = "".join(right[name])
                cell["source"] = re.sub(r"return (.*)", r"return [\1][0], None", source)
        place = folder / "classroom" / "submitted" / f"student{student:04}" / notebook
        place.mkdir(parents=True)
        handed_in["metadata"]["student"] = student
        (place / f"{notebook}.ipynb").write_text(json.dumps(handed_in))
    return folder


def _answers(notebook: dict) -> list[tuple[str, dict]]:
    return [
        (cell["metadata"]["nbgrader"]["grade_id"], cell)
        for cell in notebook["cells"]
        if cell["metadata"].get("nbgrader", {}).get("solution")
    ]


def busy() -> float:
    """Return the seconds that all cores together have worked since the machine started."""
    fields = Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
    user, nice, system, _, _, irq, softirq, *_ = map(int, fields)
    return (user + nice + system + irq + softirq) / 100


def measure(command: list[str], folder: Path, size: int) -> dict[str, float]:
    """Run a command and return its seconds, in all and per submission, and its peak memory."""
    before, start = busy(), time.perf_counter()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, cwd=folder, stdout=said, stderr=said)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall, cores = time.perf_counter() - start, busy() - before
        if process.returncode not in (0, 3):
            said.seek(0)
            raise SystemExit(f"{command} failed: {said.read()[-2000:].decode()}")
    megabytes = used.ru_maxrss / 1024
    return {
        "submissions": size,
        "wall": wall,
        "core_seconds": cores,
        "each": cores / size,
        "megabytes": megabytes,
    }


def measure_check(notebook: str, times: int = 21) -> dict[str, float]:
    """Time ``autograder check`` on a whole solution beside a plain run of its cells, in seconds."""
    folder = ROOT / "exercises" / "recurrent_cell"
    stub = json.loads((folder / f"{notebook}.ipynb").read_text())
    master = ROOT / "solutions" / "recurrent_cell" / f"{notebook}.ipynb"
    right = {name: cell["source"] for name, cell in _answers(json.loads(master.read_text()))}
    for name, cell in _answers(stub):
        cell["source"] = right[name]
    code = ["".join(cell["source"]) for cell in stub["cells"] if cell["cell_type"] == "code"]
    own, extra = [], []
    with tempfile.TemporaryDirectory() as scratch:
        script, solved = Path(scratch) / "cells.py", Path(scratch) / f"{notebook}.ipynb"
        script.write_text(re.sub(r"^%.*$", "", "\n\n".join(code), flags=re.M))
        solved.write_text(json.dumps(stub))
        check = [sys.executable, "-m", "autograder", "check", str(solved)]
        for _ in range(times):
            start = time.perf_counter()
            subprocess.run([sys.executable, script], cwd=folder, check=True, capture_output=True)
            middle = time.perf_counter()
            subprocess.run(check, cwd=ROOT, check=True, capture_output=True)
            own.append(middle - start)
            extra.append(time.perf_counter() - middle - own[-1])
    p95 = sorted(extra)[round(0.95 * (times - 1))]
    return {"own": statistics.median(own), "extra": statistics.median(extra), "extra_p95": p95}


def main() -> None:
    """Measure all and write the results."""
    find_bubblewrap()
    python = sys.executable
    os.environ["PATH"] = f"{Path(python).parent}{os.pathsep}{os.environ['PATH']}"  # for alembic
    nbgrader = [str(Path(python).with_name("nbgrader")), "autograde"]
    ours = [python, "-m", "autograder", "grade"]
    rows: dict[str, dict[str, float]] = {}
    plan = [
        ("nbgrader autograde, its own execution", "recurrent_cell", nbgrader, 12, True),
        ("nbgrader autograde, this grader", "recurrent_cell", nbgrader, 60, False),
        ("autograder grade, a quarter", "recurrent_cell", ours, 125, False),
        ("autograder grade", "recurrent_cell", ours, 500, False),
        ("autograder grade, torch", "recurrent_cell_torch", ours, 60, False),
    ]
    for label, notebook, command, size, stock in plan:
        with tempfile.TemporaryDirectory() as scratch:
            folder = make_course(Path(scratch), "recurrent_cell", notebook, size, stock=stock)
            if command is nbgrader:
                generate = [nbgrader[0], "generate_assignment", notebook, "--force"]
                subprocess.run(generate, cwd=folder, check=True, capture_output=True)
            rows[label] = measure([*command, notebook], folder, size)
            print(label, rows[label], file=sys.stderr)
    base = rows["nbgrader autograde, its own execution"]["each"]
    lines = ["| run | submissions | wall, s | core-seconds each | times nbgrader's own | MB |"]
    lines += ["|---|---:|---:|---:|---:|---:|"]
    for label, row in rows.items():
        times = "" if "torch" in label else f"{base / row['each']:.1f}"
        lines.append(
            f"| {label} | {row['submissions']} | {row['wall']:.1f} | {row['each']:.3f} | {times} "
            f"| {row['megabytes']:.0f} |"
        )
    checks = {name: measure_check(name) for name in ("recurrent_cell", "recurrent_cell_torch")}
    lines += ["", "| check | its cells alone, s | more, s | more, p95, s |", "|---|---:|---:|---:|"]
    for name, row in checks.items():
        lines.append(f"| {name} | {row['own']:.2f} | {row['extra']:.2f} | {row['extra_p95']:.2f} |")
    machine = {"python": platform.python_version(), "machine": platform.machine()}
    facts = {**machine, "runs": rows, "checks": checks}
    (HERE / "grading.json").write_text(json.dumps(facts, indent=1) + "\n")
    (HERE / "grading.md").write_text("\n".join(lines) + "\n")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
