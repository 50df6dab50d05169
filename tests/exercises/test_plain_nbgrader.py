"""Plain nbgrader, without this course's grader, gives solutions full marks and stubs nothing."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.assignment import read_master
from benchmarks.grading import ROOT, STOCK
from tests.exercises.conftest import COURSE


def nbgrader(folder, *arguments):
    """Run nbgrader in a course's folder."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        env=os.environ | {"PATH": path},  # it looks for alembic there
    )
    assert done.returncode == 0, done.stderr[-2000:]


@pytest.fixture(scope="session")
def plain(tmp_path_factory):
    """Folder of a course whose nbgrader runs the notebooks itself."""
    folder = tmp_path_factory.mktemp("plain")
    (folder / "nbgrader_config.py").write_text((ROOT / "nbgrader_config.py").read_text() + STOCK)
    shutil.copytree(COURSE.solutions, folder / "solutions")
    (folder / "classroom").mkdir()  # nbgrader makes its database, but no folder for it
    return folder


def hand_in(folder, student, assignment, notebook, answers):
    """Hand in the released notebook with some of its answers."""
    handed_in = json.loads((folder / "exercises" / assignment / notebook).read_text())
    for cell in handed_in["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        cell["source"] = answers.get(name, cell["source"])
    place = folder / "classroom" / "submitted" / student / assignment
    place.mkdir(parents=True, exist_ok=True)
    (place / notebook).write_text(json.dumps(handed_in))


@pytest.mark.parametrize("assignment", COURSE.assignments)
def test_plain_nbgrader_gives_the_solution_full_and_the_stub_zero(plain, assignment):
    from nbgrader.api import Gradebook

    nbgrader(plain, "generate_assignment", assignment)
    masters = [read_master(path) for path in COURSE.masters(assignment)]
    for master in masters:
        answers = {c.grade_id: c.source for c in master.cells if c.kind.value == "solution"}
        hand_in(plain, "solution", assignment, master.path.name, answers)
        hand_in(plain, "stub", assignment, master.path.name, {})
    nbgrader(plain, "autograde", assignment)
    with Gradebook(f"sqlite:///{plain}/classroom/gradebook.db", "rnn") as book:
        for master in masters:
            for student, share in (("solution", 1), ("stub", 0)):
                marks = book.find_submission_notebook(master.path.stem, assignment, student)
                assert marks.code_score == share * marks.max_code_score
                assert marks.max_code_score > 0
