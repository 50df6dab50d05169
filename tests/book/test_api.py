"""The API pages: what the extension makes of a docstring, and where its names and labels lead."""

import importlib.util
import io
import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def api() -> ModuleType:
    """Load the extension from its file."""
    path = REPOSITORY / "chapters" / "assets" / "book_api.py"
    spec = importlib.util.spec_from_file_location("book_api", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# The labels ------------------------------------------------------------------------------------


def unknown_labels(api: ModuleType, text: str) -> list[str]:
    """List the equations that a text names and that no page labels."""
    chapters = REPOSITORY / "chapters"
    pages = [*chapters.rglob("*.ipynb"), *chapters.rglob("*.md")]
    known = {
        label
        for path in pages
        if ".ipynb_checkpoints" not in path.parts
        for label in re.findall(r"\$\$ \((eq-[a-z0-9-]+)\)", path.read_text(encoding="utf-8"))
    }
    assert "eq-cell" in known
    return [label for label in api.LABEL.findall(text) if label not in known]


def test_every_equation_that_the_library_names_is_on_a_page(api: ModuleType) -> None:
    library = REPOSITORY / "rnncore"
    texts = {path: path.read_text(encoding="utf-8") for path in library.rglob("*.py")}
    assert "eq-cell" in api.LABEL.findall(texts[library / "numpy" / "rnn.py"])
    assert [path for path, text in texts.items() if unknown_labels(api, text)] == []


def test_an_equation_that_is_on_no_page_is_found(api: ModuleType) -> None:
    assert unknown_labels(api, "One step, equation eq-cell; see eq-cel.") == ["eq-cel"]


# The markup ------------------------------------------------------------------------------------

DOCSTRING = """Take a step |x|, equation
eq-cell, of eq-readout-2; not ``eq-cell`` nor pre-eq-cell.

Parameters
----------
params : RNNParams or None
optimiser : SGD, Adam, or of their kind with ``SGD | None``

Returns
-------
h : array (N, H)
cache
    What `rnn_backward` needs; the
    state

Raises
------
ValueError
    If Parameters are wrong.

References
----------
J. L. Elman, 1990; RNN.
"""

MARKED_UP = r"""Take a step \|x\|, equation
:eq:`eq-cell`, of :eq:`eq-readout-2`; not ``eq-cell`` nor pre-eq-cell.

Parameters
----------
params : `RNNParams` or None
optimiser : `SGD`, `Adam`, or of their kind with ``SGD | None``

Returns
-------
h : array (N, H)
:strong:`cache`
    What `rnn_backward` needs; the
    state

Raises
------
ValueError
    If Parameters are wrong.

References
----------
\J. L. Elman, 1990; RNN.
"""


def test_a_docstring_gains_links_and_keeps_its_words(api: ModuleType) -> None:
    assert api.with_links(DOCSTRING) == MARKED_UP


NAMES = [
    "rnncore.numpy.rnn.rnn_forward",
    "rnncore.numpy.linear_recurrence.scan",
    "rnncore.torch.scan",
    "rnncore.torch.RNN.forward",
    "rnncore.torch.GRU.forward",
]


@pytest.mark.parametrize(
    ("target", "module", "found"),
    [
        ("rnn_forward", "rnncore.numpy.deep", "rnncore.numpy.rnn.rnn_forward"),
        ("rnncore.numpy.rnn_forward", "rnncore.training", "rnncore.numpy.rnn.rnn_forward"),
        ("RNN.forward", "rnncore.torch", "rnncore.torch.RNN.forward"),
        ("scan", "rnncore.torch", "rnncore.torch.scan"),
        ("scan", "rnncore.training", None),
        ("forward", "rnncore.torch", None),
        ("backward", "rnncore.torch", None),
    ],
)
def test_a_name_is_found_where_it_is_the_only_one(
    api: ModuleType, target: str, module: str, found: str | None
) -> None:
    assert api.find_name(target, NAMES, module) == found


# The pages -------------------------------------------------------------------------------------

LIBRARY = '''"""One cell."""


def step(x, h):
    """Take a step, equation eq-cell.

    Returns
    -------
    h : array (N, H)
    cache
        What `step_back` needs.
    """


def step_back(dh, cache):
    """Go back from `step`."""
'''
PAGE = """# A page

$$h = x$$ (eq-cell)

```{eval-rst}
.. automodule:: one_cell
   :members:
```
"""


@pytest.fixture
def build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], tuple[int, str, str]]:
    """Return a build of one API page: from the library's text to status, warnings and HTML."""
    monkeypatch.syspath_prepend(REPOSITORY / "chapters" / "assets")
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "index.md").write_text(PAGE)

    def status(library: str) -> tuple[int, str, str]:
        monkeypatch.delitem(sys.modules, "one_cell", raising=False)
        (tmp_path / "one_cell.py").write_text(library)
        warnings = io.StringIO()
        with patch_docutils(), docutils_namespace():
            app = Sphinx(
                tmp_path / "source",
                None,
                tmp_path / "html",
                tmp_path / "doctrees",
                "html",
                confoverrides={
                    "extensions": ["myst_parser", "book_api"],
                    "default_role": "py:obj",
                    "myst_enable_extensions": ["dollarmath"],
                    "napoleon_use_rtype": False,
                    "nitpicky": True,
                },
                status=None,
                warning=warnings,
                warningiserror=True,
                keep_going=True,
            )
            app.build()
        monkeypatch.delitem(sys.modules, "one_cell")
        return app.statuscode, warnings.getvalue(), (tmp_path / "html" / "index.html").read_text()

    return status


def test_a_docstring_links_to_the_equation_and_to_its_neighbour(
    build: Callable[[str], tuple[int, str, str]],
) -> None:
    status, warnings, html = build(LIBRARY)
    assert (status, warnings) == (0, "")
    assert re.search(r'equation <a [^>]*href="#equation-eq-cell"[^>]*>\(1\)</a>', html)
    assert re.search(r'What <a [^>]*href="#one_cell.step_back"', html)


@pytest.mark.parametrize(
    ("sound", "broken", "words"),
    [
        ("eq-cell", "eq-cel", "equation not found: eq-cel"),
        ("`step_back`", "`step_bak`", "reference target not found: step_bak"),
    ],
)
def test_what_leads_nowhere_fails_the_build(
    build: Callable[[str], tuple[int, str, str]], sound: str, broken: str, words: str
) -> None:
    status, warnings, _ = build(LIBRARY.replace(sound, broken))
    assert status == 1
    assert words in warnings
