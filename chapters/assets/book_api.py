"""Sphinx extension of the API pages: public names alone, and docstrings that link where they point.

The docstrings are written for plain reading. Here ``eq-cell`` becomes a link to the equation of
that label, the course's classes become links where the kind of an argument is given, and a name in
single backticks is found without its module. What leads nowhere is a warning, so a failed build.
"""

import functools
import re
from collections.abc import Callable
from importlib import import_module
from typing import Any

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.nodes import make_refnode

PACKAGES = (
    "rnncore.numpy",
    "rnncore.torch",
    "rnncore.training",
    "rnncore.data",
    "rnncore.checking",
    "rnncore.plots",
)
# Classes of rnncore.torch whose names mean the cell, in NumPy too, where they stand in a text.
WORDS = frozenset({"RNN", "LSTM", "GRU"})
IN_BACKTICKS = re.compile(r"(``.+?``|`[^`]+`)", flags=re.S)
LABEL = re.compile(r"(?<![\w-])eq-[a-z0-9]+(?:-[a-z0-9]+)*")
# `params : RNNParams`, or a class alone in its line, which is what a function returns.
KIND = re.compile(r"^([\w*, ]+ : |(?=\w+$))(.+)$", flags=re.M)
# "J. L. Elman" at the beginning of a line, which docutils takes for item J of a list.
INITIAL = re.compile(r"^( *)(?=[A-Z]\. )", flags=re.M)
# What a function returns, up to the next section; and in it a name without a kind.
RETURNS = re.compile(r"^Returns\n-+\n.*?(?=^\w+\n-{3}|\Z)", flags=re.M | re.S)
BARE_NAME = re.compile(r"^[a-z_]+$", flags=re.M)
HEADING = re.compile(r"^\w+\n-{3,}$", flags=re.M)


@functools.cache
def public_classes() -> frozenset[str]:
    """Name the classes that the library offers, but for those whose names are words."""
    return frozenset(
        name
        for package in PACKAGES
        for name in import_module(package).__all__
        if isinstance(getattr(import_module(package), name), type) and name not in WORDS
    )


def with_links(docstring: str) -> str:
    """Mark up a docstring, indented by nothing; bars and initials stand for themselves."""
    headings = {found.start() for found in HEADING.finditer(docstring)}

    def link_classes(found: re.Match[str]) -> str:
        if found.start() in headings:
            return found[0]
        return found[1] + outside_backticks(
            found[2],
            lambda text: re.sub(
                r"(?<![\w.])[A-Z]\w+(?![\w.])",
                lambda word: f"`{word[0]}`" if word[0] in public_classes() else word[0],
                text,
            ),
        )

    docstring = INITIAL.sub(r"\1\\", KIND.sub(link_classes, docstring))
    docstring = RETURNS.sub(
        lambda section: BARE_NAME.sub(r":strong:`\g<0>`", section[0]), docstring
    )
    return outside_backticks(
        docstring, lambda text: LABEL.sub(r":eq:`\g<0>`", text.replace("|", r"\|"))
    )


def outside_backticks(text: str, change: Callable[[str], str]) -> str:
    """Change what is not in backticks."""
    pieces = IN_BACKTICKS.split(text)
    pieces[::2] = map(change, pieces[::2])
    return "".join(pieces)


def mark_up_docstring(
    app: Sphinx, what: str, name: str, thing: object, options: object, lines: list[str]
) -> None:
    """Mark up a docstring in place, before its sections are read."""
    lines[:] = with_links("\n".join(lines)).split("\n")


def skip_member(
    app: Sphinx, what: str, name: str, thing: object, skip: bool, options: object
) -> bool | None:
    """Leave out what a package keeps to itself, and the fields that a tuple documents by number."""
    if (getattr(thing, "__doc__", None) or "").startswith("Alias for field number"):
        return True
    package = str(app.env.temp_data.get("autodoc:module")).rpartition(".")[0]
    if what == "module" and package in PACKAGES and name not in import_module(package).__all__:
        return True
    return None


def find_name(target: str, names: list[str], module: str) -> str | None:
    """Return the full name that ends in ``target``, where modules between may be left out.

    What stands in the same module goes first; None if there is no such name or more than one.
    """
    pattern = re.compile(r"(?:.*\.)?" + re.escape(target).replace(r"\.", r"\.(?:\w+\.)?"))
    found = [name for name in names if pattern.fullmatch(name)]
    found = [name for name in found if name.startswith(module + ".")] or found
    return found[0] if len(found) == 1 else None


def resolve_name(
    app: Sphinx, env: BuildEnvironment, node: pending_xref, contnode: nodes.Element
) -> nodes.reference | None:
    """Link a name that Sphinx does not find, because it is written without its module."""
    if node["refdomain"] != "py":
        return None
    objects = env.domains["py"].objects  # type: ignore[attr-defined]
    name = find_name(node["reftarget"], list(objects), node.get("py:module") or "")
    if name is None:
        return None
    entry = objects[name]
    return make_refnode(
        app.builder, node["refdoc"], entry.docname, entry.node_id, contnode, title=name
    )


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the extension to Sphinx."""
    app.setup_extension("sphinx.ext.autodoc")
    app.setup_extension("sphinx.ext.napoleon")
    app.connect("autodoc-process-docstring", mark_up_docstring, priority=400)
    app.connect("autodoc-skip-member", skip_member, priority=400)
    app.connect("missing-reference", resolve_name)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
