"""The contract that every chapter keeps, read from its notebook."""

import ast
import copy
import re
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

REPOSITORY = Path(__file__).parents[2]
CHAPTERS = sorted(
    path
    for path in (REPOSITORY / "chapters").rglob("*.ipynb")
    if ".ipynb_checkpoints" not in path.parts
)
LONGEST_CELL = 15
LAST_SECTIONS = ["What to remember", "Common mistakes", "Exercise", "Further reading"]
NOT_VERBS = {"a", "an", "how", "knowledge", "that", "the", "to", "understanding", "what", "why"}
DRAWING_FUNCTION = re.compile(r"(plt|plots)\.(?!use_style$)[a-z]\w*")


def cells(notebook: NotebookNode, kind: str) -> list[NotebookNode]:
    """Return the cells of one type."""
    return [cell for cell in notebook.cells if cell.cell_type == kind]


def prose(notebook: NotebookNode) -> str:
    """Return the text of all Markdown cells."""
    return "\n\n".join(cell.source for cell in cells(notebook, "markdown"))


def section(notebook: NotebookNode, title: str) -> str:
    """Return the text under a second-level heading, empty if there is none."""
    found = re.search(
        rf"^## {re.escape(title)}\s*\n(.*?)(?=^## |\Z)", prose(notebook), flags=re.M | re.S
    )
    return found[1] if found else ""


def bullets(text: str) -> list[str]:
    """Return the items of the lists in a text, nested ones left out."""
    return re.findall(r"^(?:[-*]|\d+\.) +(.+)$", text, flags=re.M)


def directives(text: str) -> list[tuple[str, str]]:
    """Return title and body of each admonition."""
    return re.findall(r"^(:{3,}){admonition} (.+?)\n(.*?)^\1 *$", text, flags=re.M | re.S)


def draws(source: str) -> bool:
    """Tell whether a cell opens a figure, or calls a drawing function as a statement."""
    if "plt.subplots(" in source or "plt.figure(" in source:
        return True
    statements = ast.parse(re.sub(r"^[%!].*$", "", source, flags=re.M)).body
    return any(
        DRAWING_FUNCTION.fullmatch(ast.unparse(statement.value.func))
        for statement in statements
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)
    )


# Guards: each takes a notebook and its chapter's name, and returns its complaints. --------------


def opening(notebook: NotebookNode, name: str) -> list[str]:
    """Title; what you will be able to do, what you need first, how long it takes."""
    first = notebook.cells[0]
    if first.cell_type != "markdown" or not re.match(r"# \S", first.source):
        return ["the first cell must be Markdown and begin with `# ` and the title"]
    glance = [body for _, title, body in directives(first.source) if title == "At a glance"]
    if not glance:
        return ["the first cell must hold the box `:::{admonition} At a glance`"]
    body = glance[0]
    complaints = []
    able = re.search(r"\*\*You will be able to\*\*(.*?)(?=^\*\*|\Z)", body, flags=re.M | re.S)
    items = bullets(able[1]) if able else []
    if not 3 <= len(items) <= 5:
        complaints.append(f"`You will be able to` must list 3 to 5 things, got {len(items)}")
    complaints += [
        f"an objective must begin with a verb, got {item!r}"
        for item in items
        if item.split()[0].lower() in NOT_VERBS
    ]
    if not re.search(r"\*\*You need first\*\*:?\s+\S", body):
        complaints.append("`At a glance` must say what **You need first**")
    time = r"\*\*Time\*\*:?\s+about \d+ minutes to read, about \d+ seconds to run"
    if not re.search(time, body):
        complaints.append(
            "`At a glance` must say **Time** about N minutes to read, about M seconds to run"
        )
    return complaints


def imports(notebook: NotebookNode, name: str) -> list[str]:
    """The first code cell imports and does nothing else."""
    body = ast.parse(cells(notebook, "code")[0].source).body
    if all(isinstance(node, ast.Import | ast.ImportFrom) for node in body):
        return []
    return ["the first code cell must hold imports only"]


def checks(notebook: NotebookNode, name: str) -> list[str]:
    """At least three questions with a folded answer."""
    complaints = []
    asked = [
        (title, body)
        for _, title, body in directives(prose(notebook))
        if title.startswith("Check yourself")
    ]
    if len(asked) < 3:
        complaints.append(f"a chapter needs at least 3 boxes `Check yourself`, got {len(asked)}")
    for title, body in asked:
        option, _, answer = body.partition("\n")
        if option.strip() != ":class: dropdown":
            complaints.append(f"`{title}` must be folded by `:class: dropdown`")
        elif not answer.strip():
            complaints.append(f"`{title}` has no answer")
    return complaints


def ending(notebook: NotebookNode, name: str) -> list[str]:
    """Summary in five lines, common mistakes, exercise, further reading with citations."""
    headings = re.findall(r"^## (.+?)\s*$", prose(notebook), flags=re.M)
    has_assignment = (REPOSITORY / "solutions" / name).is_dir()
    expected = [
        title
        for title in LAST_SECTIONS
        if title != "Exercise" or has_assignment or "Exercise" in headings
    ]
    complaints = []
    if headings[-len(expected) :] != expected:
        complaints.append(f"the last sections must be {expected}, got {headings[-4:]}")
    remembered = bullets(section(notebook, "What to remember"))
    if len(remembered) != 5:
        complaints.append(f"`What to remember` must have 5 items, got {len(remembered)}")
    if not section(notebook, "Common mistakes").strip():
        complaints.append("`Common mistakes` is empty")
    link = f"../../exercises/{name}/{name}.ipynb>`"
    exercise = section(notebook, "Exercise")
    if has_assignment and not ("{download}`" in exercise and link in exercise):
        complaints.append(f"`Exercise` must link by {{download}} to {link[:-2]}")
    if not re.search(r"{cite:[tp]}`", section(notebook, "Further reading")):
        complaints.append("`Further reading` must cite by {cite:t} or {cite:p}")
    return complaints


def short_cells(notebook: NotebookNode, name: str) -> list[str]:
    """Code cells of at most 15 lines that are not blank."""
    return [
        f"a code cell has {length} lines, at most {LONGEST_CELL} are allowed: {cell.source[:60]!r}"
        for cell in cells(notebook, "code")
        if (length := sum(bool(line.strip()) for line in cell.source.splitlines())) > LONGEST_CELL
    ]


def asserted(notebook: NotebookNode, name: str) -> list[str]:
    """At least one number of the text is asserted."""
    for cell in cells(notebook, "code"):
        tree = ast.parse(re.sub(r"^[%!].*$", "", cell.source, flags=re.M))
        for node in ast.walk(tree):
            if isinstance(node, ast.Assert) and not isinstance(node.test, ast.Constant):
                return []
    return ["a chapter must assert the numbers of its text in at least one cell"]


def figures(notebook: NotebookNode, name: str) -> list[str]:
    """Three to six figures, each with a name, a caption that is a sentence, and an alt text."""
    complaints = []
    count = 0
    for cell in cells(notebook, "code"):
        settings = cell.metadata.get("mystnb", {})
        figure = settings.get("figure")
        if figure is None:
            if draws(cell.source):
                complaints.append(f"a cell draws without mystnb.figure: {cell.source[:60]!r}")
            continue
        count += 1
        label = figure.get("name", "")
        if not label.startswith("fig-"):
            complaints.append(f"a figure's name must begin with fig-, got {label!r}")
        if not re.search(r"\w.*[.?]$", figure.get("caption", "").strip(), flags=re.S):
            complaints.append(f"figure {label!r} needs a caption that is a sentence")
        if not settings.get("image", {}).get("alt", "").strip():
            complaints.append(f"figure {label!r} needs an alt text in mystnb.image.alt")
    if not 3 <= count <= 6:
        complaints.append(f"a chapter has 3 to 6 figures, got {count}")
    return complaints


def equations(notebook: NotebookNode, name: str) -> list[str]:
    """Labels of equations begin with eq-, and at least one equation has one."""
    labels = re.findall(r"\$\$ *\(([^)\s]+)\) *$", prose(notebook), flags=re.M)
    if not labels:
        return ["a chapter labels its equations: `$$…$$ (eq-name)`"]
    return [
        f"an equation's label must begin with eq-, got {label!r}"
        for label in labels
        if not label.startswith("eq-")
    ]


def nothing_stored(notebook: NotebookNode, name: str) -> list[str]:
    """No output and no execution count is stored."""
    return [
        f"a cell stores an output or a count: {cell.source[:60]!r}"
        for cell in cells(notebook, "code")
        if cell.outputs or cell.execution_count is not None
    ]


def form(notebook: NotebookNode, name: str) -> list[str]:
    """Kernel python3; every cell has an id of its own; no cell is empty."""
    complaints = []
    kernel = notebook.metadata.get("kernelspec", {}).get("name")
    if kernel != "python3":
        complaints.append(f"the kernel must be python3, got {kernel!r}")
    ids = [cell.get("id") for cell in notebook.cells]
    if None in ids or len(set(ids)) < len(ids):
        complaints.append("every cell must have an id of its own (nbformat 4.5)")
    if not all(cell.source.strip() for cell in notebook.cells):
        complaints.append("a cell is empty")
    return complaints


Guard = Callable[[NotebookNode, str], list[str]]
GUARDS: list[Guard] = [
    opening,
    imports,
    checks,
    ending,
    short_cells,
    asserted,
    figures,
    equations,
    nothing_stored,
    form,
]


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.__name__)
@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_chapter_keeps_the_contract(path: Path, guard: Guard) -> None:
    notebook = nbformat.read(path, as_version=nbformat.NO_CONVERT)
    assert guard(notebook, path.stem) == []


def test_there_are_chapters_and_each_stands_in_the_table_of_contents() -> None:
    contents = (REPOSITORY / "_toc.yml").read_text(encoding="utf-8")
    listed = re.findall(r"^ +- file: (chapters/\S+/\S+)$", contents, flags=re.M)
    written = [path.relative_to(REPOSITORY).with_suffix("").as_posix() for path in CHAPTERS]
    assert written
    assert set(written) <= set(listed)


# The guards --------------------------------------------------------------------------------------

NAME = "recurrent_cell"  # has an assignment
OPENING = """# A chapter

:::{admonition} At a glance
:class: at-a-glance

**You will be able to**

- write it,
- run it,
- check it.

**You need first**: algebra.

**Time**: about 20 minutes to read, about 5 seconds to run.
:::
"""
CHECK = """:::{admonition} Check yourself: how many?
:class: dropdown
Twelve.
:::
"""
ENDING = """## What to remember

- one
- two
- three
- four
- five

## Common mistakes

- A sign.

## Exercise

{download}`Open it <../../exercises/recurrent_cell/recurrent_cell.ipynb>`.

## Further reading

{cite:t}`elman1990`.
"""


def sound_chapter() -> NotebookNode:
    """Return the smallest notebook that keeps the contract."""
    v4 = nbformat.v4

    def figure(number: int) -> NotebookNode:
        settings = {
            "figure": {"name": f"fig-{number}", "caption": "It rises."},
            "image": {"alt": "a line"},
        }
        return v4.new_code_cell("plt.plot([1, 2]);", metadata={"mystnb": settings})

    return v4.new_notebook(
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
        cells=[
            v4.new_markdown_cell(OPENING),
            v4.new_code_cell("import matplotlib.pyplot as plt"),
            v4.new_markdown_cell("$$\nx = 12\n$$ (eq-x)\n\n" + CHECK),
            v4.new_code_cell("x = 3 * 4\nassert x == 12"),
            *map(figure, range(3)),
            v4.new_markdown_cell(CHECK + "\n" + CHECK),
            v4.new_markdown_cell(ENDING),
        ],
    )


def replace(cell: int, old: str, new: str) -> Callable[[NotebookNode], None]:
    """Return a change of one cell's text, which must hold the old words."""

    def change(notebook: NotebookNode) -> None:
        assert old in notebook.cells[cell].source
        notebook.cells[cell].source = notebook.cells[cell].source.replace(old, new)

    return change


def settings(key: str, entry: str, value: str) -> Callable[[NotebookNode], None]:
    """Return a change of the first figure's settings."""

    def change(notebook: NotebookNode) -> None:
        notebook.cells[4].metadata["mystnb"][key][entry] = value

    return change


def output(notebook: NotebookNode) -> None:
    notebook.cells[3].outputs = [nbformat.v4.new_output("stream", text="12")]


def count(notebook: NotebookNode) -> None:
    notebook.cells[3].execution_count = 1


def kernel(notebook: NotebookNode) -> None:
    notebook.metadata.kernelspec.name = "python310"


def same_ids(notebook: NotebookNode) -> None:
    notebook.cells[1].id = notebook.cells[0].id


def no_figure_settings(notebook: NotebookNode) -> None:
    del notebook.cells[4].metadata["mystnb"]


FAULTS: dict[str, tuple[Guard, Callable[[NotebookNode], None], str]] = {
    "no title": (opening, replace(0, "# A", "A"), "title"),
    "no glance": (opening, replace(0, "At a glance", "Summary"), "At a glance"),
    "two objectives": (opening, replace(0, "- run it,\n", ""), "3 to 5"),
    "no verb": (opening, replace(0, "- run it", "- the way it runs"), "verb"),
    "no needs": (opening, replace(0, "**You need first**: algebra.", ""), "You need first"),
    "no time": (opening, replace(0, "about 5 seconds", "a moment"), "Time"),
    "import and more": (imports, replace(1, "plt", "plt\nx = 1"), "imports only"),
    "two checks": (checks, replace(2, CHECK, ""), "at least 3"),
    "open answer": (checks, replace(2, ":class: dropdown\n", ""), "folded"),
    "no answer": (checks, replace(2, "Twelve.\n", ""), "no answer"),
    "four to remember": (ending, replace(8, "- five\n", ""), "5 items"),
    "no mistakes": (ending, replace(8, "- A sign.", ""), "is empty"),
    "wrong order": (ending, replace(8, "## Common mistakes", "## Errors"), "last sections"),
    "no exercise": (ending, replace(8, "../../exercises", "exercises"), "download"),
    "no citation": (ending, replace(8, "{cite:t}`elman1990`", "Elman"), "cite"),
    "long cell": (short_cells, replace(3, "x = 3 * 4\n", "x = 12\n" * 15), "16 lines"),
    "no assert": (asserted, replace(3, "assert x == 12", "x"), "assert"),
    "idle assert": (asserted, replace(3, "x == 12", "True"), "assert"),
    "no figure": (figures, no_figure_settings, "draws without"),
    "few figures": (figures, no_figure_settings, "got 2"),
    "figure name": (figures, settings("figure", "name", "line"), "fig-"),
    "no caption": (figures, settings("figure", "caption", ""), "caption"),
    "no sentence": (figures, settings("figure", "caption", "A line"), "caption"),
    "no alt": (figures, settings("image", "alt", " "), "alt text"),
    "no label": (equations, replace(2, " (eq-x)", ""), "labels"),
    "label": (equations, replace(2, "(eq-x)", "(x)"), "eq-"),
    "stored output": (nothing_stored, output, "stores"),
    "stored count": (nothing_stored, count, "stores"),
    "kernel": (form, kernel, "python310"),
    "ids": (form, same_ids, "id of its own"),
    "empty cell": (form, replace(3, "x = 3 * 4\nassert x == 12", " "), "empty"),
}


@pytest.fixture
def chapter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> NotebookNode:
    """Return a sound chapter in a repository where its assignment exists."""
    (tmp_path / "solutions" / NAME).mkdir(parents=True)
    monkeypatch.setitem(globals(), "REPOSITORY", tmp_path)
    return copy.deepcopy(sound_chapter())


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.__name__)
def test_guard_is_content_with_a_sound_chapter(chapter: NotebookNode, guard: Guard) -> None:
    assert guard(chapter, NAME) == []


@pytest.mark.parametrize("fault", FAULTS)
def test_guard_finds_the_fault(chapter: NotebookNode, fault: str) -> None:
    guard, change, words = FAULTS[fault]
    change(chapter)
    assert any(words in complaint for complaint in guard(chapter, NAME)), guard(chapter, NAME)


def test_exercise_is_asked_for_only_where_an_assignment_exists(chapter: NotebookNode) -> None:
    source = chapter.cells[8].source
    chapter.cells[8].source = re.sub(r"## Exercise.*?(?=## F)", "", source, flags=re.S)
    assert ending(chapter, "chapter_without_assignment") == []
    assert ending(chapter, NAME) != []


def test_every_guard_is_tripped() -> None:
    assert {guard for guard, *_ in FAULTS.values()} == set(GUARDS)
