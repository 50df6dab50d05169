"""A toy course, released once and graded once by nbgrader."""

import json
import subprocess
import sys
from types import SimpleNamespace

import pytest

from autograder.course import Course
from autograder.release import release
from tests.autograder import toy

RIGHT = {
    "double_solution": "def double(x):\n    return 2 * x",
    "count_solution": "count = 6",
    "derive": "It is <script>alert(1)</script> **linear**.",
}
NOSY = """def double(x):
    import sys
    In = globals().get("In")
    print(x, In)
    print(x, In, file=sys.stderr)
    if x.shape == (2, 3):
        return 2 * x
    raise type("kestrel_only_in_hidden_tests", (Exception,), {})(repr(x) + repr(In))"""


def run(*arguments):
    """Run the command line as a person does."""
    command = [sys.executable, "-m", "autograder", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=toy.ROOT)


@pytest.fixture
def course(tmp_path):
    """A toy course that a test may change."""
    return Course.at(toy.write_course(tmp_path))


@pytest.fixture(scope="session")
def graded(tmp_path_factory):
    """A toy course after `autograder grade`: what was printed, and the results by student."""
    root = toy.write_course(tmp_path_factory.mktemp("toy"))
    release(Course.at(root))
    released = json.loads((root / "exercises/toy/toy.ipynb").read_text())
    toy.submit(root, "full", toy.answered(released, **RIGHT))
    toy.submit(root, "stub", released)
    sometimes = "def double(x):\n    return 2 * x if len(x) == 2 else x.T"
    toy.submit(root, "partial", toy.answered(released, **RIGHT | {"double_solution": sometimes}))
    toy.submit(root, "nosy", toy.answered(released, double_solution=NOSY, count_solution="1/0"))
    toy.submit(root, "broken", '{"cells": [')
    lost = toy.answered(released, **RIGHT)
    lost["cells"] = [c for c in lost["cells"] if c["id"] != "test-double"]
    toy.submit(root, "lost-a-cell", lost)
    toy.submit(root, "link", "")
    link = root / "classroom/submitted/link/toy/toy.ipynb"
    link.unlink()
    link.symlink_to(root / "solutions/toy/toy.ipynb")
    (root / "classroom/submitted/empty/toy").mkdir(parents=True)
    toy.submit(root, "not an id", released)
    done = run("grade", "toy", "--course", root, "--json", root / "results.json")
    results = json.loads((root / "results.json").read_text())
    return SimpleNamespace(root=root, done=done, results={r["student"]: r for r in results})
