"""A toy course: two questions checked by machine, one by a person, each with its canary."""

import json
import shutil
from pathlib import Path

ROOT = Path(__file__).parents[2]

CANARIES = (
    "kestrel_only_in_hidden_tests",
    "heron_only_in_the_solution",
    "plover_only_in_wrong_answers",
    "avocet_only_in_the_marking_scheme",
    "5.4321",
)

SETUP = "import numpy as np\n\nfrom rnncore.checking import call, check, fresh_rng"
GIVEN = "x = np.arange(6.0).reshape(2, 3)"
DOUBLE = """def double(x):
    \"\"\"Return twice x, an array (N, D).\"\"\"
    ### BEGIN SOLUTION
    heron_only_in_the_solution = 2 * x
    return heron_only_in_the_solution
    ### END SOLUTION"""
TEST_DOUBLE = """check("double", call(double, x), 2 * x)
### BEGIN HIDDEN TESTS
kestrel_only_in_hidden_tests = fresh_rng().normal(size=(4, 5)) + 5.4321
check("double", call(double, kestrel_only_in_hidden_tests), 2 * kestrel_only_in_hidden_tests,
      hidden=True)
### END HIDDEN TESTS"""
COUNT = "### BEGIN SOLUTION\ncount = 6\n### END SOLUTION"
TEST_COUNT = """### BEGIN HIDDEN TESTS
check("count", count, 6, hidden=True)
### END HIDDEN TESTS"""
DERIVE = "By linearity: avocet_only_in_the_marking_scheme."
WRONG = '''"""Wrong answers of the toy course."""

from rnncore.checking import wrong_answer


@wrong_answer("double", hint="Squaring is not doubling.")
def squares(x):
    plover_only_in_wrong_answers = x * x
    return plover_only_in_wrong_answers


wrong_answer("count", hint="Count the columns too.", value=2)
'''


def cell(kind, source, grade_id=None, *, points=None, **metadata):
    """Make one cell of a master notebook."""
    code = kind not in ("text", "manual")
    made = {
        "cell_type": "code" if code else "markdown",
        "id": f"{kind}-{grade_id or 'text'}".replace("_", "-"),
        "metadata": dict(metadata),
        "source": source,
    }
    if code:
        made |= {"execution_count": None, "outputs": []}
    if kind in ("setup", "given", "show"):
        made["metadata"]["tags"] = [kind]
    if kind != "text":
        made["metadata"]["nbgrader"] = {
            "grade": kind in ("test", "manual"),
            "grade_id": grade_id,
            "locked": kind not in ("solution", "manual"),
            "schema_version": 3,
            "solution": kind in ("solution", "manual"),
            "task": False,
        }
    if points is not None:
        made["metadata"]["nbgrader"]["points"] = points
    return made


def master(**sources):
    """Return the toy's master notebook; a keyword replaces the source of the cell of that name."""
    cells = [
        cell("text", "# Toy\n\n## Doubling"),
        cell("setup", SETUP, "setup"),
        cell("given", GIVEN, "given"),
        cell("show", "print('shown')", "show"),
        cell("solution", DOUBLE, "double_solution"),
        cell("test", TEST_DOUBLE, "double", points=3, course={"novel": True, "minutes": 5}),
        cell("text", "## Counting", None) | {"id": "counting"},
        cell("solution", COUNT, "count_solution"),
        cell("test", TEST_COUNT, "count", points=1, course={"minutes": 1}),
        cell("manual", DERIVE, "derive", points=2, course={"minutes": 4}),
    ]
    for each in cells:
        name = each["metadata"].get("nbgrader", {}).get("grade_id")
        each["source"] = sources.get(name, each["source"])
    return {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def write_course(root, notebook=None):
    """Write a course with the toy assignment."""
    shutil.copy(ROOT / "nbgrader_config.py", root)
    folder = root / "solutions" / "toy"
    folder.mkdir(parents=True)
    (folder / "toy.ipynb").write_text(json.dumps(notebook or master()))
    (folder / "wrong_answers.py").write_text(WRONG)
    return root


def submit(root, student, notebook):
    """Hand in a notebook, or any text in its place."""
    folder = root / "classroom" / "submitted" / student / "toy"
    folder.mkdir(parents=True)
    text = notebook if isinstance(notebook, str) else json.dumps(notebook)
    (folder / "toy.ipynb").write_text(text)


def answered(released, **answers):
    """Return a released notebook with answers in its solution cells."""
    notebook = json.loads(json.dumps(released))
    for each in notebook["cells"]:
        name = each["metadata"].get("nbgrader", {}).get("grade_id")
        each["source"] = answers.get(name, each["source"])
    return notebook
