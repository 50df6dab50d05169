"""An edition: what learners get, as a folder in which they read, work and check."""

from __future__ import annotations

import re
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import jinja2

from autograder.course import Course, CourseError
from autograder.release import made

_TEMPLATES = Path(__file__).parent / "templates" / "learners"
_PACKAGES = ("rnncore", "autograder")
_AS_THEY_ARE = ("LICENSE", "constraints.txt", "_config.yml", "chapters/references.bib")
_NEEDED_TO_CHECK = ("rich", "typer")
_COMPILED = "__pycache__"
_UNFINISHED = ".part"
_TEACHING = re.compile(r"^  - caption: Teaching\n(?:    .*\n?)*", flags=re.M)
_PAGE = re.compile(r"(?:file|root): (chapters/\S+)")
_DOWNLOAD = re.compile(r"\{download\}`([^`<]+?) ?<((?:\.\./)+)(exercises/[^>`]+)>`")
_COMMAND = re.compile(r"NB=(exercises/\S+\.ipynb)")
_FOR_TEACHERS = (
    (re.compile(r"^:::\{grid-item-card\} Teach\n.*?^:::\n", flags=re.M | re.S), ""),
    (re.compile(r"^- \*\*To teach\*\* .*\n", flags=re.M), ""),
    (re.compile(r"^## Three ways through$", flags=re.M), "## Two ways through"),
    (re.compile(r"\[([^\]]+)\]\((?:\.\./)*teaching/[^)]*\)"), r"\1"),
)


def write_edition(course: Course, assignments: Sequence[str], folder: Path) -> list[Path]:
    """Write what learners get into an empty folder, wholly or not at all.

    Parameters
    ----------
    course : Course
    assignments : sequence of str
        The ones in this edition; without any, all.
    folder : Path
        It need not be there yet.

    Returns
    -------
    list of Path
        The files and folders at its top.

    Raises
    ------
    CourseError
        If the folder holds anything, there is no such assignment, or a page is missing.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CourseError(
            f"{folder} is not an empty folder: name one that is empty or is not there yet"
        )
    chosen = list(assignments) or course.assignments
    where = folder.resolve().parent
    where.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=where, prefix=".edition-") as scratch:
        finished = Path(scratch) / "edition"
        with made(course, chosen) as fresh:
            for name, content in contents(course, fresh).items():
                (finished / name).parent.mkdir(parents=True, exist_ok=True)
                (finished / name).write_bytes(content)
        finished.replace(folder)
    return sorted(folder.iterdir())


def contents(course: Course, exercises: Path) -> dict[str, bytes]:
    """Return the files of an edition by their names.

    They are the exercises in a folder, the pages that ``_toc.yml`` names but for its part
    Teaching, what the packages install, and the files that set these up.

    Raises
    ------
    CourseError
        If there is no page where ``_toc.yml`` names one.
    """
    found = {
        f"exercises/{path.relative_to(exercises).as_posix()}": path.read_bytes()
        for pattern in ("*/*.ipynb", "*/hints.json")
        for path in exercises.glob(pattern)
    }
    with (course.root / "pyproject.toml").open("rb") as file:
        facts = tomllib.load(file)
    for path in _taken_along(course.root, facts):
        found[path.relative_to(course.root).as_posix()] = path.read_bytes()
    notebooks = sorted(name for name in found if name.endswith(".ipynb"))
    contents_list = _TEACHING.sub("", (course.root / "_toc.yml").read_text("utf-8"))
    for page in _pages(course.root, contents_list):
        text = _for_learners(page.read_text("utf-8"), notebooks)
        found[page.relative_to(course.root).as_posix()] = text.encode()
    found["_toc.yml"] = contents_list.encode()
    for template in _TEMPLATES.glob("*.j2"):
        found[template.stem] = _render(template.name, facts, notebooks).encode()
    return dict(sorted(found.items()))


def _taken_along(root: Path, facts: dict[str, Any]) -> Iterator[Path]:
    """Yield the files that are the same in the course: packages, style of the book, set-up."""
    yield from (root / name for name in _AS_THEY_ARE)
    patterns = {"chapters/assets": ["**/*"], "chapters/results": ["*.json"]}
    for package in _PACKAGES:
        patterns[package] = ["**/*.py", *facts["tool"]["setuptools"]["package-data"][package]]
    for folder, each in patterns.items():
        for pattern in each:
            for path in (root / folder).glob(pattern):
                if path.is_file() and not _is_stray(path.relative_to(root)):
                    yield path


def _is_stray(path: Path) -> bool:
    hidden = any(part.startswith(".") for part in path.parts)
    return hidden or _COMPILED in path.parts or path.suffix == _UNFINISHED


def _pages(root: Path, contents_list: str) -> Iterator[Path]:
    for name in _PAGE.findall(contents_list):
        for page in (root / f"{name}.md", root / f"{name}.ipynb"):
            if page.is_file():
                yield page
                break
        else:
            raise CourseError(
                f"_toc.yml names {name}, and there is neither {name}.md nor {name}.ipynb: "
                "write the page, or take its line out"
            )


def _for_learners(page: str, notebooks: list[str]) -> str:
    """Take out of a page what is for teachers, and links to notebooks that are not there.

    A page is Markdown or a notebook's JSON; none of what is looked for is quoted in JSON.
    """
    for pattern, instead in _FOR_TEACHERS:
        page = pattern.sub(instead, page)
    page = _DOWNLOAD.sub(lambda link: link[0] if link[3] in notebooks else link[1], page)
    return _COMMAND.sub(
        lambda command: command[0] if command[1] in notebooks else f"NB={notebooks[0]}", page
    )


def _render(template: str, facts: dict[str, Any], notebooks: list[str]) -> str:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        autoescape=False,  # the results are TOML, Markdown and a Makefile
    )
    environment.filters["toml"] = _toml
    return environment.get_template(template).render(
        build_system=facts["build-system"],
        project=facts["project"],
        tool=facts["tool"],
        check=[
            requirement
            for requirement in facts["project"]["optional-dependencies"]["grade"]
            if requirement.startswith(_NEEDED_TO_CHECK)
        ],
        notebooks=notebooks,
    )


def _toml(value: str | list[str]) -> str:
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return "[" + ", ".join(map(_toml, value)) + "]"
