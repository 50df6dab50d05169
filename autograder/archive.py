"""The learners' archive: the exercises, the library, and what sets them up."""

from __future__ import annotations

import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jinja2

from autograder.course import Course

_TEMPLATES = Path(__file__).parent / "templates" / "learners"
_LEFT_OUT = {"__pycache__", ".ipynb_checkpoints"}
_FOLDER = "rnn-exercises"


def write_archive(course: Course) -> Path:
    """Write ``dist/exercises.zip``, byte for byte the same while nothing changes.

    It holds ``exercises/``, the package ``rnncore``, the licence, and a README and a
    ``pyproject.toml`` made for learners; nothing of ``solutions/``, ``autograder/`` or ``tests/``.
    """
    target = course.root / "dist" / "exercises.zip"
    target.parent.mkdir(exist_ok=True)
    unfinished = target.with_suffix(".part")
    with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(_contents(course)):
            entry = zipfile.ZipInfo(f"{_FOLDER}/{name}", date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    unfinished.replace(target)
    return target


def _contents(course: Course) -> Iterator[tuple[str, bytes]]:
    for folder in ("exercises", "rnncore"):
        for path in (course.root / folder).rglob("*"):
            if path.is_file() and not _LEFT_OUT & set(path.parts) and path.suffix != ".pyc":
                yield path.relative_to(course.root).as_posix(), path.read_bytes()
    yield "LICENSE", (course.root / "LICENSE").read_bytes()
    with (course.root / "pyproject.toml").open("rb") as file:
        facts = tomllib.load(file)
    for name in ("README.md", "pyproject.toml"):
        yield name, _render(f"{name}.j2", facts, course.assignments).encode()


def _render(template: str, facts: dict[str, Any], assignments: list[str]) -> str:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        autoescape=False,  # the results are TOML and Markdown
    )
    environment.filters["toml"] = _toml
    return environment.get_template(template).render(
        build_system=facts["build-system"],
        project=facts["project"],
        tool=facts["tool"],
        assignments=assignments,
    )


def _toml(value: str | list[str]) -> str:
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return "[" + ", ".join(map(_toml, value)) + "]"
