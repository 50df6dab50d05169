"""Sphinx extension of the book: MathJax beside the pages, outputs that follow the code, markup."""

import hashlib
import importlib.util
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.writers.html5 import HTML5Translator
from sphinxcontrib.bibtex.plugin import register_plugin
from sphinxcontrib.bibtex.style.referencing import BracketStyle
from sphinxcontrib.bibtex.style.referencing.author_year import AuthorYearReferenceStyle

OUTPUTS_DEPEND_ON = ("rnncore", "tests/autograder/attacks", "constraints.txt")
PAGES_DEPEND_ON = ("chapters/assets",)


def round_brackets() -> BracketStyle:
    """Return the brackets of a citation."""
    return BracketStyle(left="(", right=")")


@dataclass
class RoundAuthorYear(AuthorYearReferenceStyle):
    """Cite as Elman (1990) and as (Elman, 1990), where the stock style writes square brackets."""

    bracket_parenthetical: BracketStyle = field(default_factory=round_brackets)
    bracket_textual: BracketStyle = field(default_factory=round_brackets)


def ship_mathjax(app: Sphinx, config: Config) -> None:
    """Put MathJax's single SVG file among the static files; the other 30 MB stay at home."""
    package = importlib.util.find_spec("sphinx-mathjax-offline")
    if package is None or package.origin is None:
        raise RuntimeError(
            "sphinx-mathjax-offline is not installed: run `make book`, which sets it up"
        )
    script = Path(package.origin).parent / "static" / "mathjax" / config.mathjax_path
    config.html_static_path.append(str(script))


def fingerprint(root: Path, names: tuple[str, ...]) -> str:
    """Hash files, folders and the version of Python; compiled files are left out."""
    digest = hashlib.sha256(sys.version.encode())
    for name in names:
        entry = root / name
        for path in [entry] if entry.is_file() else sorted(entry.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(path.relative_to(root).as_posix().encode() + b"\0")
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def drop_stale_outputs(app: Sphinx, config: Config) -> None:
    """Forget what an earlier build kept and what no longer holds.

    Executed chapters are forgotten if the code changed: Jupyter's cache knows a notebook by its
    cells alone. Read pages are forgotten too if the look changed, because Sphinx copies style
    files only when it writes a page, and if the last build had a warning or did not end, because
    Sphinx reports a page's warnings only when it reads the page.
    """
    root = Path(app.srcdir)
    cache = Path(app.outdir).parent / ".jupyter_cache"
    recorded = cache / "fingerprint.txt"
    code = fingerprint(root, OUTPUTS_DEPEND_ON)
    complete = completion_mark(app)
    if not recorded.is_file() or recorded.read_text() != code:
        shutil.rmtree(cache, ignore_errors=True)
        complete.unlink(missing_ok=True)
    cache.mkdir(parents=True, exist_ok=True)
    recorded.write_text(code)
    if not complete.is_file() or complete.read_text() != fingerprint(root, PAGES_DEPEND_ON):
        (Path(app.doctreedir) / "environment.pickle").unlink(missing_ok=True)
    complete.unlink(missing_ok=True)


def mark_complete(app: Sphinx, exception: Exception | None) -> None:
    """Record that every page was read and written without a warning, and in which look."""
    # Sphinx sets its status from this count, but after the event.
    if exception is None and app._warncount == 0:
        completion_mark(app).write_text(fingerprint(Path(app.srcdir), PAGES_DEPEND_ON))


def completion_mark(app: Sphinx) -> Path:
    """Return the file that stands for a build without warnings."""
    return Path(app.doctreedir) / "complete"


def visit_admonition(self: HTML5Translator, node: nodes.Element, name: str = "") -> None:
    """Write a dropdown as <details>: it folds by keyboard, without a script, and is searchable."""
    if name or "dropdown" not in node["classes"]:
        HTML5Translator.visit_admonition(self, node, name)
        return
    self.body.append(self.starttag(node, "details", CLASS="admonition"))
    title = node.next_node(nodes.title)
    self.body.append('<summary class="admonition-title">')
    for child in title.children:
        child.walkabout(self)
    self.body.append("</summary>\n")
    node["folded_title"] = title
    node.remove(title)


def depart_admonition(self: HTML5Translator, node: nodes.Element) -> None:
    """Close what `visit_admonition` opened."""
    if "folded_title" not in node:
        HTML5Translator.depart_admonition(self, node)
        return
    node.insert(0, node.attributes.pop("folded_title"))
    self.body.append("</details>\n")


def visit_citation(self: HTML5Translator, node: nodes.citation) -> None:
    """Write a reference as an item of its list; docutils gives it a role that ARIA withdrew."""
    HTML5Translator.visit_citation(self, node)
    self.body[-1] = self.body[-1].replace('role="doc-biblioentry"', 'role="listitem"')


def depart_citation(self: HTML5Translator, node: nodes.citation) -> None:
    """Close what `visit_citation` opened."""
    HTML5Translator.depart_citation(self, node)


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the extension to Sphinx."""
    register_plugin("sphinxcontrib.bibtex.style.referencing", "author_year_round", RoundAuthorYear)
    app.connect("config-inited", ship_mathjax)
    app.connect("config-inited", drop_stale_outputs)
    app.connect("build-finished", mark_complete)
    app.add_node(nodes.admonition, override=True, html=(visit_admonition, depart_admonition))
    app.add_node(nodes.citation, override=True, html=(visit_citation, depart_citation))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
