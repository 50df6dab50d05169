"""Makes Markdown of a stranger harmless wherever it is rendered later."""

from __future__ import annotations

import re

MAX_MARKDOWN = 20_000
_CUT = "\n\n… (cut here: the whole text is in the submitted notebook)"

# MathJax and its kin give these an address, a style, an id, or a file to load.
_TEX_MACROS = (
    *("bbox", "class", "cssId", "data", "href", "html[A-Za-z]*", "includegraphics"),
    *("mmlToken", "require", "style", "unicode", "url"),
)
_TEX = re.compile(rf"\\+\s*(?=(?:{'|'.join(_TEX_MACROS)})(?![A-Za-z]))")

# Every construct that could load or run needs two characters side by side. A space between them
# ends it in text, code and maths alike, so that no parser's view of the context is needed.
_SEAMS = re.compile(
    r"<(?=[A-Za-z/!?])"  # tags, comments, autolinks
    r"|&(?=[#A-Za-z])"  # entities, in which the other signs could hide
    r"|!(?=\[)"  # images
    r"|\](?=[(:])"  # links and their definitions
)


def harmless_markdown(source: str) -> str:
    r"""Return Markdown that runs nothing and loads nothing, and reads as before.

    A space takes the sense from tags, entities, images and links: they become visible text.
    Bare ``http`` addresses stay links. TeX macros such as ``\href`` lose their backslash.
    Emphasis, lists, tables, code and other maths stay as they are. Longer texts than
    ``MAX_MARKDOWN`` are cut, since the time of rendering grows with the square.
    """
    whole = len(source) <= MAX_MARKDOWN
    harmless = _SEAMS.sub(r"\g<0> ", _TEX.sub(" ", source[:MAX_MARKDOWN]))
    if whole and len(harmless) <= MAX_MARKDOWN:
        return harmless
    return harmless[: MAX_MARKDOWN - len(_CUT)] + _CUT
