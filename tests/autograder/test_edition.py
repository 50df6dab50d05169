"""An edition: whole, alone in its folder, of use by itself, and free of answers."""

import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path, PurePosixPath

import pytest

from autograder.archive import write_archive
from autograder.course import Course, CourseError
from autograder.edition import contents, write_edition
from autograder.release import release
from tests.autograder import toy

NOT_FOR_LEARNERS = ("nbgrader", "nbclient", "dask", "distributed", "cryptography")
TOC = """format: jb-book
root: chapters/index
parts:
  - caption: First
    chapters:
      - file: chapters/first
  - caption: Teaching
    chapters:
      - file: chapters/teaching/teach
  - caption: Last
    chapters:
      - file: chapters/last/end
"""
INDEX = """# Toy

- **To read** it, begin.
- **To teach** it, hand it out.

## Three ways through

:::{grid-item-card} Work
make check NB=exercises/other/other.ipynb
:::

:::{grid-item-card} Teach
make grade

[Teach a class](teaching/teach)
:::
::::

End, as [the page for teachers](teaching/teach.md#end) says.
"""
FIRST = "Do {download}`toy.ipynb <../exercises/toy/toy.ipynb>`."
LAST = "Do {download}`other.ipynb <../../exercises/other/other.ipynb>`."
STRAY = (
    "rnn_notes.txt", "chapters/draft.md", "chapters/assets/.cache/style.css",
    "chapters/assets/__pycache__/frame.pyc", "chapters/assets/half.css.part", "Makefile",
    "README.md", "tests/test_toy.py", "benchmarks/results.md", ".git/HEAD",
    "classroom/gradebook.db",
    "exercises/toy/.ipynb_checkpoints/toy-checkpoint.ipynb", "exercises/toy/wrong_answers.py",
)  # fmt: skip


def write(path, text="stray\n"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.fixture
def course(tmp_path):
    """The toy course with a second assignment, a book, the packages, and much that is private."""
    root = tmp_path / "course"
    root.mkdir()
    toy.write_course(root)
    for name in ("LICENSE", "pyproject.toml", "constraints.txt", "rnncore", "autograder"):
        (root / name).symlink_to(toy.ROOT / name)
    pages = {
        "_toc.yml": TOC,
        "_config.yml": "title: Toy\n",
        "chapters/index.md": INDEX,
        "chapters/first.md": FIRST,
        "chapters/last/end.ipynb": json.dumps({"cells": [{"source": [LAST]}]}),
        "chapters/teaching/teach.md": "# Teach\n",
        "chapters/references.bib": "",
        "chapters/assets/css/book.css": "",
    }
    for name, text in pages.items():
        write(root / name, text)
    write(root / "solutions/other/other.ipynb", json.dumps(toy.master()))
    for name in STRAY:
        write(root / name)
    return Course.at(root)


@pytest.fixture(scope="module")
def real():
    """What learners get of the course itself, by its names."""
    course = Course.at(toy.ROOT)
    return contents(course, course.exercises)


def files(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def own(names):
    """Names without those of the packages, which are the course's own."""
    return {name for name in names if not name.startswith(("rnncore/", "autograder/"))}


def test_an_edition_holds_what_learners_get_and_no_answer(course, tmp_path):
    folder = tmp_path / "autumn/class"
    before = files(course.root)
    top = {path.name for path in write_edition(course, ["toy"], folder)}
    assert top == {path.name for path in folder.iterdir()}
    written = files(folder)
    assert own(written) == {
        "LICENSE", "Makefile", "README.md", "_config.yml", "_toc.yml", "constraints.txt",
        "pyproject.toml", "chapters/index.md", "chapters/first.md", "chapters/last/end.ipynb",
        "chapters/references.bib", "chapters/assets/css/book.css",
        "exercises/toy/toy.ipynb", "exercises/toy/hints.json",
    }  # fmt: skip
    assert {"rnncore/py.typed", "rnncore/plots/book.mplstyle", "autograder/visible.py"} <= written
    everything = b"".join((folder / name).read_bytes() for name in written)
    for canary in toy.CANARIES:
        assert canary.encode() not in everything
    assert files(course.root) == before
    assert [path.name for path in folder.parent.iterdir()] == ["class"]


def test_the_part_on_teaching_and_what_leads_to_it_are_left_out(course, tmp_path):
    write_edition(course, [], tmp_path / "edition")
    chapters = tmp_path / "edition/chapters"
    found = re.findall(r"chapters/\S+", (tmp_path / "edition/_toc.yml").read_text())
    assert found == ["chapters/index", "chapters/first", "chapters/last/end"]
    assert (chapters / "index.md").read_text() == (
        "# Toy\n\n- **To read** it, begin.\n\n## Two ways through\n\n"
        ":::{grid-item-card} Work\nmake check NB=exercises/other/other.ipynb\n:::\n\n::::\n\n"
        "End, as the page for teachers says.\n"
    )


def test_links_lead_only_to_exercises_of_the_edition(course, tmp_path):
    write_edition(course, ["toy"], tmp_path / "some")
    chapters = tmp_path / "some/chapters"
    assert (chapters / "first.md").read_text() == FIRST
    last = json.loads((chapters / "last/end.ipynb").read_text())
    assert last == {"cells": [{"source": ["Do other.ipynb."]}]}
    assert "NB=exercises/toy/toy.ipynb\n" in (chapters / "index.md").read_text()
    assert "exercises/other" not in (tmp_path / "some/README.md").read_text()
    write_edition(course, [], tmp_path / "all")
    assert LAST in (tmp_path / "all/chapters/last/end.ipynb").read_text()


def test_the_archive_is_the_edition_with_all_exercises(course, tmp_path):
    release(course)
    write_edition(course, [], tmp_path / "edition")
    with zipfile.ZipFile(write_archive(course)) as archive:
        packed = {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}
    folder = tmp_path / "edition"
    assert packed == {name: (folder / name).read_bytes() for name in files(folder)}
    assert files(course.root / "dist") == {"exercises.zip"}


def test_an_empty_folder_will_do_and_all_assignments_are_the_default(course, tmp_path):
    folder = tmp_path / "edition"
    folder.mkdir()
    write_edition(course, [], folder)
    assert {path.name for path in (folder / "exercises").iterdir()} == {"toy", "other"}


def test_a_folder_that_holds_anything_is_refused_and_left_alone(course, tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full/notes.txt").write_text("mine")
    for folder in (tmp_path / "full", tmp_path / "full/notes.txt"):
        with pytest.raises(CourseError, match="name one that is empty"):
            write_edition(course, [], folder)
    assert files(tmp_path / "full") == {"notes.txt"}


def test_an_edition_that_fails_leaves_nothing(course, tmp_path):
    with pytest.raises(CourseError, match="no assignment is called"):
        write_edition(course, ["nonsense"], tmp_path / "edition")
    (course.root / "chapters/first.md").unlink()
    with pytest.raises(CourseError, match=r"names chapters/first, .* write the page"):
        write_edition(course, [], tmp_path / "edition")
    assert {path.name for path in tmp_path.iterdir()} == {"course"}


def test_a_learner_checks_an_answer_in_an_edition_alone(course, tmp_path):
    folder = tmp_path / "edition"
    write_edition(course, ["toy"], folder)
    for name in NOT_FOR_LEARNERS:
        write(tmp_path / f"blocked/{name}.py", 'raise ImportError("learners do not have it")\n')
    notebook = folder / "exercises/toy/toy.ipynb"
    released = json.loads(notebook.read_text())
    answers = toy.answered(released, double_solution="def double(x):\n    return x * x")
    answers["cells"].insert(1, toy.cell("text", "") | toy.cell("show", WHERE))
    notebook.write_text(json.dumps(answers))
    done = subprocess.run(
        [sys.executable, "-m", "autograder", "check", "exercises/toy/toy.ipynb"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": f"{tmp_path / 'blocked'}:{folder}", "PATH": ""},
        capture_output=True,
        text=True,
    )
    assert re.search("hint: +Squaring is not doubling", done.stdout), done.stdout + done.stderr
    assert done.returncode == 3
    places = (folder / "exercises/toy/places.txt").read_text().split()
    assert [Path(place).parents[1] for place in places] == [folder.resolve()] * 2


WHERE = """import autograder, rnncore, pathlib
places = f"{autograder.__file__} {rnncore.__file__}"
pathlib.Path("places.txt").write_text(places)"""


def test_its_commands_are_listed_and_set_up_what_they_need(course, tmp_path):
    folder = tmp_path / "edition"
    write_edition(course, [], folder)
    listed = subprocess.run(["make"], cwd=folder, capture_output=True, text=True, check=True)
    assert [line.split()[1] for line in listed.stdout.splitlines()] == [
        "help", "book", "lab", "check"
    ]  # fmt: skip
    planned = subprocess.run(
        ["make", "--dry-run", "check", "NB=x.ipynb"], cwd=folder, capture_output=True, text=True
    )
    assert "--constraint constraints.txt --editable '.[all]'" in planned.stdout
    assert planned.stdout.endswith('-m autograder check "x.ipynb"\n')
    project = tomllib.loads((folder / "pyproject.toml").read_text())["project"]
    needed = {re.split(r"\W", requirement)[0] for requirement in project["dependencies"]}
    assert {"numpy", "jupyterlab", "rich", "typer"} <= needed
    assert not needed & set(NOT_FOR_LEARNERS)
    assert set(project["optional-dependencies"]) == {"torch", "book", "all"}


def test_the_courses_own_edition_says_nothing_to_teachers(real):
    assert not [name for name in real if name.startswith("chapters/teaching")]
    index = real["chapters/index.md"].decode()
    assert not re.search(r"\bteach(ing)?\b|make (release|grade)|solutions/", index, flags=re.I)
    assert "## Two ways through" in index
    assert index.count(":::{grid-item-card}") == 2


def prose(name, text):
    """Return a page's Markdown."""
    if name.endswith(".md"):
        return text
    cells = json.loads(text)["cells"]
    return "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")


def test_every_link_of_the_courses_own_edition_leads_somewhere(real):
    links = 0
    for name, content in real.items():
        if name.startswith("chapters/") and name.endswith((".md", ".ipynb")):
            text = prose(name, content.decode())
            targets = re.findall(r"\]\((?!\w+:)([^)#\s]+)[^)]*\)", text)
            targets += re.findall(r"\{download\}`[^`<]*<([^>`]+)>`", text)
            for target in targets:
                path = os.path.normpath(PurePosixPath(name).parent / target)
                assert {path, f"{path}.md", f"{path}.ipynb"} & set(real), f"{name}: {target}"
            links += len(targets)
    assert links > 5


def test_the_courses_own_edition_names_no_folder_of_answers(real):
    for name in real:
        parts = PurePosixPath(name).parts
        assert not {"solutions", "tests", ".git", "benchmarks", "classroom"} & set(parts)
        assert not [part for part in parts if part.startswith(".") or part == "__pycache__"]
        assert parts[0] != "exercises" or parts[-1] == "hints.json" or name.endswith(".ipynb")
