"""The book's own Sphinx extension: outputs follow the code, and a failed build is not forgotten."""

import importlib.util
import io
import re
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

REPOSITORY = Path(__file__).parents[2]
ATTACK = "tests/autograder/attacks/harm_forks.py"


@pytest.fixture(scope="module")
def frame() -> ModuleType:
    """Load the extension from its file."""
    path = REPOSITORY / "chapters" / "assets" / "book_frame.py"
    spec = importlib.util.spec_from_file_location("book_frame", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def app(tmp_path: Path) -> SimpleNamespace:
    """Return what the extension asks of Sphinx, with a book that was built once."""
    build = tmp_path / "_build"
    (tmp_path / ATTACK).parent.mkdir(parents=True)
    (tmp_path / ATTACK).write_text("KIND = 1\n")
    (tmp_path / "rnncore" / "data").mkdir(parents=True)
    (tmp_path / "rnncore" / "cell.py").write_text("x = 1\n")
    (tmp_path / "rnncore" / "data" / "names.gz").write_bytes(b"\x00\x01")
    (tmp_path / "chapters" / "assets" / "css").mkdir(parents=True)
    (tmp_path / "chapters" / "assets" / "css" / "book.css").write_text("p {}\n")
    (tmp_path / "constraints.txt").write_text("numpy==2\n")
    return SimpleNamespace(
        srcdir=tmp_path, outdir=build / "html", doctreedir=build / ".doctrees", _warncount=0
    )


def build(frame: ModuleType, app: SimpleNamespace, warnings: int = 0) -> tuple[bool, bool]:
    """Build once; tell whether the executed chapters and the read pages of before were kept."""
    outputs = app.outdir.parent / ".jupyter_cache" / "chapter.ipynb"
    pages = app.doctreedir / "environment.pickle"
    frame.drop_stale_outputs(app, SimpleNamespace())
    kept = outputs.is_file(), pages.is_file()
    for path in (outputs, pages):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    app._warncount = warnings
    frame.mark_complete(app, None)
    return kept


def test_nothing_is_dropped_when_nothing_changed(frame: ModuleType, app: SimpleNamespace) -> None:
    assert build(frame, app) == (False, False)
    assert build(frame, app) == (True, True)


@pytest.mark.parametrize(
    "name", ["rnncore/cell.py", "rnncore/data/names.gz", "constraints.txt", ATTACK]
)
def test_a_change_drops_outputs_and_pages(
    frame: ModuleType, app: SimpleNamespace, name: str
) -> None:
    build(frame, app)
    (app.srcdir / name).write_bytes(b"changed")
    assert build(frame, app) == (False, False)
    assert build(frame, app) == (True, True)


def test_a_change_of_the_look_drops_pages_alone(frame: ModuleType, app: SimpleNamespace) -> None:
    build(frame, app)
    (app.srcdir / "chapters" / "assets" / "css" / "book.css").write_text("p {color: red}\n")
    assert build(frame, app) == (True, False)
    assert build(frame, app) == (True, True)


def test_compiled_files_are_no_change(frame: ModuleType, app: SimpleNamespace) -> None:
    build(frame, app)
    (app.srcdir / "rnncore" / "__pycache__").mkdir()
    (app.srcdir / "rnncore" / "__pycache__" / "cell.pyc").write_bytes(b"compiled")
    assert build(frame, app) == (True, True)


def test_a_failed_build_reads_the_pages_again(frame: ModuleType, app: SimpleNamespace) -> None:
    build(frame, app)
    assert build(frame, app, warnings=1) == (True, True)
    assert build(frame, app, warnings=1) == (True, False)
    assert build(frame, app) == (True, False)
    assert build(frame, app) == (True, True)


def test_an_interrupted_build_reads_the_pages_again(
    frame: ModuleType, app: SimpleNamespace
) -> None:
    build(frame, app)
    frame.drop_stale_outputs(app, SimpleNamespace())
    assert build(frame, app) == (True, False)


@pytest.fixture
def sphinx_status(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], int]:
    """Return a build of a book of one page by Sphinx itself: from the page's text to the status."""
    monkeypatch.syspath_prepend(REPOSITORY / "chapters" / "assets")
    source, output = tmp_path / "source", tmp_path / "_build"
    source.mkdir()

    def status(text: str) -> int:
        page = source / "index.md"
        if not page.is_file() or page.read_text() != text:
            page.write_text(text)
        with patch_docutils(), docutils_namespace():
            app = Sphinx(
                source,
                None,
                output / "html",
                output / ".doctrees",
                "html",
                confoverrides={
                    "extensions": ["myst_parser", "sphinxcontrib.bibtex", "book_frame"],
                    "bibtex_bibfiles": [],
                    "mathjax_path": "tex-svg.js",
                },
                status=None,
                warning=io.StringIO(),
                warningiserror=True,
                keep_going=True,
            )
            app.build()
        return app.statuscode

    return status


def test_sphinx_fails_again_until_the_page_is_mended(sphinx_status: Callable[[str], int]) -> None:
    broken = "# A page\n\nSee {ref}`nowhere`.\n"
    assert [sphinx_status(broken), sphinx_status(broken)] == [1, 1]
    assert [sphinx_status("# A page\n"), sphinx_status("# A page\n")] == [0, 0]


def test_a_dropdown_is_written_as_details(
    sphinx_status: Callable[[str], int], tmp_path: Path
) -> None:
    text = "# A page\n\n```{admonition} How *many*?\n:class: dropdown\nTwelve.\n```\n"
    assert sphinx_status(text) == 0
    html = (tmp_path / "_build" / "html" / "index.html").read_text()
    assert re.search(r'<details class="[^"]*\bdropdown\b', html)
    assert '<summary class="admonition-title">How <em>many</em>?</summary>' in html
    assert (tmp_path / "_build" / "html" / "_static" / "tex-svg.js").is_file()
