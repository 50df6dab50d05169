"""Formgrader for a class of strangers: what its pages show of a submission is text alone."""

from __future__ import annotations

from html import escape
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import nbgrader
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbconvert.preprocessors.sanitize import SanitizeHTML

from autograder.harmless import MAX_MARKDOWN

_TAGS = [
    *("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "code"),
    *("em", "strong", "del", "ol", "ul", "li", "dl", "dt", "dd"),
    *("table", "thead", "tbody", "tr", "th", "td"),
]
_NAMES = ("student", "first_name", "last_name")


def secure_formgrader(config: Any) -> None:
    """Set formgrader's exporter so that a submission neither runs nor loads anything.

    Parameters
    ----------
    config : traitlets.config.Config
        The ``c`` of ``nbgrader_config.py``.
    """
    stock = Path(nbgrader.__file__).parent / "server_extensions" / "formgrader" / "templates"
    exporter = config.HTMLExporter
    exporter.template_name = "course_formgrade"
    exporter.extra_template_basedirs = [str(Path(__file__).parent / "templates"), str(stock)]
    exporter.preprocessors = [f"{__name__}.keep_text"]
    exporter.filters = {
        "markdown2html": f"{__name__}.render_markdown",
        "mathjax_source": f"{__name__}.mathjax_source",
    }
    exporter.sanitize_html = True


def keep_text(notebook: Any, resources: Any) -> tuple[Any, Any]:
    """Drop outputs that are not text, and escape names, which the template does not do."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [o for o in cell.outputs if o.output_type in ("stream", "error")]
    for name in _NAMES:
        if resources.get(name):
            resources[name] = escape(resources[name])
    return notebook, resources


def render_markdown(source: str) -> str:
    """Render Markdown to text and structure: no HTML of its own, link, image, id or style."""
    if len(source) > MAX_MARKDOWN:
        return f"<pre>{escape(source)}</pre>"
    html = MarkdownWithMath(renderer=_TextRenderer()).render(source)
    sanitizer: Any = SanitizeHTML
    return str(sanitizer(tags=_TAGS, attributes={}, strip=True).sanitize_html_tags(html))


def mathjax_source(name: str) -> str:
    """Return the text of a file of MathJax, as installed on this machine."""
    package = distribution("sphinx-mathjax-offline")
    path = package.locate_file(f"sphinx-mathjax-offline/static/mathjax/{name}")
    return Path(str(path)).read_text(encoding="utf-8")


class _TextRenderer(IPythonRenderer):
    def __init__(self) -> None:
        # Without anchors a heading has no id, which could be that of a question's score.
        super().__init__(escape=True, allow_harmful_protocols=False, exclude_anchor_links=True)

    def link(self, text: str, url: str, title: str | None = None) -> str:
        return text

    def image(self, text: str, url: str, title: str | None = None) -> str:
        return text

    def block_code(self, code: str, info: str | None = None) -> str:
        return f"<pre><code>{escape(code)}</code></pre>\n"
