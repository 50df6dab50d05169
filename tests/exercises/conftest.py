"""What the proofs of the exercises share: each master run once a seed, one real grading run."""

import functools
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.assignment import read_master
from autograder.course import Course
from autograder.inprocess import replay
from autograder.release import made

ROOT = Path(__file__).parents[2]
COURSE = Course.at(ROOT)
SEEDS = (1, 2, 3)


@functools.cache
def _master(path):
    return read_master(path)


@functools.cache
def _replay(path, seed):
    return replay(_master(path), seed)


@pytest.fixture(scope="session")
def course():
    return COURSE


def pytest_generate_tests(metafunc):
    """Give each test the masters, and the seeds if it asks for one."""
    if "master" in metafunc.fixturenames:
        paths = [path for name in COURSE.assignments for path in COURSE.masters(name)]
        metafunc.parametrize("master", paths, ids=lambda path: path.stem, indirect=True)
    if "seed" in metafunc.fixturenames:
        metafunc.parametrize("seed", SEEDS)


@pytest.fixture
def master(request):
    return _master(request.param)


@pytest.fixture
def played(master, seed):
    return _replay(master.path, seed)


@pytest.fixture(scope="session")
def released(course):
    """A fresh release, as notebooks by their name."""
    with made(course, course.assignments) as folder:
        return {path.stem: json.loads(path.read_text()) for path in folder.rglob("*.ipynb")}


NOSY = "def {name}(*args):\n    In = globals().get('In')\n    print(args, In)\n    raise ValueError(repr(args) + repr(In))"


@pytest.fixture(scope="session")
def graded(course, released, tmp_path_factory):
    """Folder of a course with a graded solution, a stub and a nosy student."""
    root = tmp_path_factory.mktemp("course")
    shutil.copy(ROOT / "nbgrader_config.py", root)
    shutil.copytree(course.solutions, root / "solutions")
    for assignment in course.assignments:
        for path in course.masters(assignment):
            answers = {
                "solution": {c.grade_id: c.source for c in _master(path).cells},
                "stub": {},
                "nosy": {
                    f"{q.id}_solution": "\n".join(NOSY.format(name=name) for name in q.names)
                    for q in _master(path).questions.values()
                },
            }
            for student, sources in answers.items():
                notebook = json.loads(json.dumps(released[path.stem]))
                for cell in notebook["cells"]:
                    grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id")
                    if cell["metadata"].get("nbgrader", {}).get("solution"):
                        cell["source"] = sources.get(grade_id, cell["source"])
                folder = root / "classroom" / "submitted" / student / assignment
                folder.mkdir(parents=True, exist_ok=True)
                (folder / path.name).write_text(json.dumps(notebook))
        subprocess.run(
            [
                *[sys.executable, "-m", "autograder", "grade", assignment],
                *["--course", root, "--json", root / f"{assignment}.json"],
            ],
            check=True,
            cwd=ROOT,
        )
    return root
