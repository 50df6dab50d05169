"""Fixtures of the book's tests: the built pages."""

from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def html() -> Path:
    """Return the folder of the built book."""
    folder = REPOSITORY / "_build" / "html"
    if not (folder / "index.html").is_file():
        pytest.fail(f"{folder / 'index.html'} is missing: run `make book` first")
    return folder
