"""A browser that opens what strangers handed in: formgrader, feedback, and stock pages."""

import json
import os
import subprocess
import sys
import warnings
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from nbconvert.filters import markdown2html_mistune
from nbgrader.api import Gradebook
from playwright.sync_api import Page
from sqlalchemy.exc import SAWarning

from autograder.formgrader import keep_text, mathjax_source, render_markdown
from autograder.harmless import MAX_MARKDOWN, harmless_markdown
from autograder.report import write_report
from autograder.results import NotebookResult, QuestionResult
from tests.autograder import formgrader, toy
from tests.autograder.hostile import CODE, FOLDER, MARKDOWN, MARKUP, NAME, OUTPUTS, TEX

TAGS = [
    *("P", "BR", "HR", "H1", "H2", "H3", "H4", "H5", "H6", "BLOCKQUOTE", "PRE", "CODE"),
    *("EM", "STRONG", "DEL", "OL", "UL", "LI", "DL", "DT", "DD"),
    *("TABLE", "THEAD", "TBODY", "TR", "TH", "TD"),
]
TEXT_ALONE = {"tags": TAGS, "attributes": {}}
STOCK = {
    "tags": [*TAGS, "A", "SPAN", "DIV", "INPUT"],
    "attributes": {
        "class": r"[\w -]*|language-\S*",
        "id": ".*",
        "href": "(https?:|#).*",
        "start": r"\d+",
        "type": "checkbox",
        "disabled": "",
        "checked": "",
        "style": r"text-align: ?\w+;?",
    },
}
PRINTED = {
    "tags": ["DIV", "PRE", "SPAN"],
    "attributes": {"class": r"[\w -]*", "style": r"((background-)?color: rgb\([\d, ]+\);? ?)+"},
}
FEEDBACK = {
    "tags": [*TAGS, "A", "DIV", "ARTICLE", "HEADER", "SPAN", "DETAILS", "SUMMARY", "SUB", "SUP"],
    "attributes": STOCK["attributes"]
    | {"open": "", "tabindex": "0", "aria-hidden": "true", "style": r"width: [\d.]+%"},
}


# A page under observation -------------------------------------------------------------------------


@dataclass
class Watch:
    """A page, and what it did that only its own makers may do."""

    page: Page
    troubles: list = field(default_factory=list)

    def finish(self):
        """Wait for maths and for late loads; then ask for the trace of a script."""
        self.page.evaluate(
            """() => Promise.race([
                window.MathJax?.startup?.promise,
                new Promise((_, stop) => setTimeout(() => stop("maths never ends"), 5000)),
            ])"""
        )
        self.page.evaluate("() => new Promise((done) => setTimeout(done, 20))")
        trace = self.page.evaluate("window.__hacked")
        return self.troubles + ([f"a script ran: {trace}"] if trace else [])


@contextmanager
def watched(browser, allowed, cookies=None, files=None):
    """Open an empty page that may load from the addresses under ``allowed`` alone."""
    context = browser.new_context(viewport={"width": 1200, "height": 900}, storage_state=cookies)
    watch = Watch(context.new_page())
    note = watch.troubles.append

    def answer(route):
        url = route.request.url
        if files and url in files:
            route.fulfill(body=files[url], content_type="text/html")
        elif url.startswith(allowed):
            route.continue_()
        else:
            route.fulfill(status=204)  # so that a page which goes elsewhere stays to be examined

    context.route("**/*", answer)
    page = watch.page
    page.on("request", lambda request: request.url.startswith(allowed) or note(request.url))
    page.on("dialog", lambda dialog: (note(f"dialog: {dialog.message}"), dialog.dismiss()))
    page.on("pageerror", lambda error: note(f"script error: {error}"))
    context.on("page", lambda opened: note(f"opens a window: {opened.url}"))
    try:
        yield watch
    finally:
        context.close()


def strange(page, selector, known):
    """Elements and attributes below a selector that are not among the known ones."""
    return page.evaluate(
        r"""([selector, known]) => {
            const complaints = [];
            const fits = (attribute) => {
                const pattern = known.attributes[attribute.name];
                return pattern !== undefined
                    && new RegExp(`^(${pattern})$`, "s").test(attribute.value);
            };
            const ofMaths = ({ name, value }) =>
                !/url\(|javascript:/i.test(value)
                && (name !== "id" || /^(MJX|mjx)/.test(value))
                && (name !== "class" || /^((MathJax|MJX|mjx|CtxtMenu)\S*\s*)*$/.test(value))
                && (!/href$/.test(name) || value.startsWith("#"));
            const roots = document.querySelectorAll(selector);
            if (!roots.length) complaints.push(`nothing found at ${selector}`);
            for (const root of roots) {
                if (root.innerHTML.includes("<!--")) complaints.push("a comment");
                for (const element of root.querySelectorAll("*")) {
                    const maths = element.closest("mjx-container") !== null;
                    if (maths ? /^(a|img|image|script)$/i.test(element.tagName)
                              : !known.tags.includes(element.tagName))
                        complaints.push(`element ${element.outerHTML.slice(0, 80)}`);
                    for (const attribute of element.attributes)
                        if (!(maths ? ofMaths : fits)(attribute))
                            complaints.push(`${attribute.name}="${attribute.value}"`.slice(0, 80));
                }
            }
            return complaints;
        }""",
        [selector, known],
    )


# Snippets of Markdown, one by one -----------------------------------------------------------------

SITE = "http://course.test/"
ANY_TEX = r"""<script>MathJax = {
  tex: {inlineMath: [["$", "$"]],
        packages: {"[+]": ["html", "bbox", "unicode"], "[-]": ["autoload", "require"]}},
  options: {enableMenu: false},
}</script>"""


@pytest.fixture(scope="module")
def show(browser):
    """Show pieces of Markdown as nbconvert renders them, with all of MathJax or without it."""
    files = {}
    with watched(browser, SITE, files=files) as watch:

        def show_pieces(*pieces, maths):
            mathjax = f"{ANY_TEX}<script>{mathjax_source('tex-svg-full.js')}</script>"
            body = "".join(f"<div class='piece'>{markdown2html_mistune(p)}</div>" for p in pieces)
            files[SITE] = f"<!doctype html><title>x</title>{mathjax if maths else ''}{body}"
            watch.troubles.clear()
            watch.page.goto(SITE)
            return watch

        yield show_pieces


CRASHES = {"attachment that fails"}  # nbconvert's own renderer stops at it


@pytest.mark.parametrize("name", [name for name in MARKDOWN if name not in CRASHES | TEX.keys()])
def test_snippet_is_hostile(show, name):
    watch = show(MARKDOWN[name], maths=False)
    assert watch.finish() + strange(watch.page, ".piece", TEXT_ALONE) != []


def test_tex_snippets_are_hostile(show):
    watch = show(*TEX.values(), maths=True)
    watch.finish()
    pieces = [f".piece:nth-of-type({number})" for number in range(1, len(TEX) + 1)]
    found = [strange(watch.page, piece, TEXT_ALONE) for piece in pieces]
    assert [name for name, complaints in zip(TEX, found, strict=True) if not complaints] == []


def test_stored_markdown_is_harmless_on_any_page(show):
    watch = show(*map(harmless_markdown, MARKDOWN.values()), maths=True)
    assert watch.finish() + strange(watch.page, ".piece", STOCK) == []


@pytest.mark.parametrize("name", MARKDOWN)
def test_harmless_markdown_stays_as_it_is(name):
    once = harmless_markdown(MARKDOWN[name])
    assert harmless_markdown(once) == once


@pytest.mark.parametrize(
    "source",
    [
        "Plain *emphasis*, **strong**, `code`, a < b, x <= y, a & b, AT & T, 2 > 1!",
        "# Heading\n\n- one\n  1. two\n\n> quote\n\n| a | b |\n|---|---|\n| 1 | 2 |",
        r"$a < b$, $$\sum_i x_i \le 1$$, \\(x\\), \begin{align} a &= b \\ c &= d \end{align}",
        r"$\frac{\partial h}{\partial x}$, $\mathrm{d}x$, $f\!\left[x\right]$, $\text{a}$",
        "```python\nif x[0] < y and not z:\n    return {'a': x[1:]}\n```",
        "See https://example.org/a?b=1 and [1].",
    ],
)
def test_ordinary_markdown_is_unchanged(source):
    assert harmless_markdown(source) == source


def test_long_markdown_is_cut_and_says_so():
    for source in ("a" * (MAX_MARKDOWN + 1), "<a" * (MAX_MARKDOWN // 2)):
        cut = harmless_markdown(source)
        assert len(cut) == MAX_MARKDOWN
        assert cut.endswith("the whole text is in the submitted notebook)")
    assert harmless_markdown("a" * MAX_MARKDOWN) == "a" * MAX_MARKDOWN


def test_formgrader_renders_structure_and_maths():
    html = render_markdown("# One\n\n- *two* `a<b`\n\n| a |\n|---|\n| $x < y$ |\n\n![three](f.png)")
    for part in ("<h1>One</h1>", "<em>two</em>", "<code>a&lt;b</code>", "$x &lt; y$", "three"):
        assert part in html
    assert "f.png" not in html


def test_formgrader_shows_very_long_text_unrendered():
    assert render_markdown("*a* <b> " * MAX_MARKDOWN).startswith("<pre>*a* &lt;b&gt;")


def test_formgrader_keeps_of_outputs_what_is_text_and_escapes_names():
    notebook = nbformat.from_dict(toy.master())
    notebook.cells[1].outputs = [nbformat.from_dict(output) for output in OUTPUTS]
    resources = {"student": "ada", "first_name": NAME, "last_name": None}
    notebook, resources = keep_text(notebook, resources)
    kinds = {output.output_type for output in notebook.cells[1].outputs}
    assert kinds == {"stream", "error"}
    assert resources == {"student": "ada", "first_name": escape(NAME), "last_name": None}


# A class of strangers -----------------------------------------------------------------------------


def handed_in(prepare, outputs):
    """Return an autograded notebook with every hostile cell."""
    notebook = toy.master(derive=prepare("I add $\\frac{1}{2}$.\n\n" + "\n\n".join(TEX.values())))
    cells = notebook["cells"]
    cells += [toy.cell("text", prepare(text)) for text in MARKDOWN.values()]
    cells += [toy.cell("code", text) for text in CODE]
    for index, cell in enumerate(cells):
        if cell["id"] in ("text-text", "code-text"):
            cell["id"] = f"added-{index}"
            cell["metadata"] = {}
        if cell["id"] == "test-double":
            said = "double: its first check fails <script>window.__hacked=1</script>"
            cell["metadata"]["grading"] = {
                **{"score": 0.0, "max_score": 3.0, "needs_manual": False, "manual": False},
                **{"said": said, "hint": NAME, "mistake": NAME, "failure": "value"},
                **{"seconds": 0.1, "tried": NAME},
            }
            error = {"output_type": "error", "ename": "CheckFailed", "evalue": said}
            cell["outputs"] = [error | {"traceback": [said]}]
        if cell["id"] == "solution-double-solution":
            cell["source"] = "\n".join(CODE)
            cell["outputs"] = outputs
    notebook["metadata"]["grading"] = {"reasons": [NAME], "seed": 1, "log": [NAME], "format": 1}
    return notebook


def fill_gradebook(url, students):
    """Enter the toy assignment and one graded submission a student; return the notebooks' ids."""
    ids = {}
    with Gradebook(url, "rnn") as gradebook, warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)  # of nbgrader's own way to add a submission
        gradebook.add_assignment("toy")
        gradebook.add_notebook("toy", "toy")
        for name, points, kind in (
            *(("double", 3, "code"), ("count", 1, "code"), ("derive", 2, "markdown")),
        ):
            gradebook.add_grade_cell(name, "toy", "toy", max_score=points, cell_type=kind)
        for name in ("double_solution", "count_solution", "derive"):
            gradebook.add_solution_cell(name, "toy", "toy")
        for name in ("double", "count", "derive", "double_solution", "count_solution"):
            kind = "markdown" if name == "derive" else "code"
            gradebook.add_source_cell(name, "toy", "toy", cell_type=kind)
        for student in students:
            gradebook.add_student(student, first_name=NAME, last_name=NAME, email=NAME)
            submission = gradebook.add_submission("toy", student)
            ids[student] = submission.notebooks[0].id
            for grade in submission.notebooks[0].grades:
                if grade.name == "derive":
                    grade.needs_manual_grade = True
                else:
                    grade.auto_score, grade.needs_manual_grade = 1.0, False
            for comment in submission.notebooks[0].comments:
                if comment.name == "derive":
                    comment.auto_comment = NAME
        gradebook.db.commit()
    return ids


@pytest.fixture(scope="module")
def classroom(tmp_path_factory):
    """A course whose two students handed in every hostile cell, and its formgrader.

    What "raw" handed in stands there as it was, "rebuilt" went through the rebuild.
    """
    scratch = tmp_path_factory.mktemp("browser")
    root = scratch / "course"
    root.mkdir()
    toy.write_course(root)
    notebooks = {
        "raw": handed_in(str, OUTPUTS),
        "rebuilt": handed_in(harmless_markdown, OUTPUTS[:1]),
    }
    for student, notebook in notebooks.items():
        toy.submit(root, student, notebook)
        folder = root / "classroom" / "autograded" / student / "toy"
        folder.mkdir(parents=True)
        (folder / "toy.ipynb").write_text(json.dumps(notebook))
    (root / "classroom" / "submitted" / FOLDER / "toy").mkdir(parents=True)
    with pytest.MonkeyPatch.context() as patch:
        here = Path(sys.executable).parent  # where nbgrader finds alembic
        patch.setenv("PATH", str(here), prepend=os.pathsep)
        yield from serve_class(root, scratch, notebooks)


def serve_class(root, scratch, notebooks):
    """Fill the gradebook and start formgrader."""
    url = f"sqlite:///{root / 'classroom' / 'gradebook.db'}"
    ids = fill_gradebook(url, notebooks)
    with formgrader.serve(root, scratch) as (address, token):
        yield SimpleNamespace(root=root, url=url, ids=ids, address=address, token=token)


@pytest.fixture(scope="module")
def instructor(browser, classroom):
    """The cookies of an instructor who is logged in."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{classroom.address}/login")
    page.locator("input[type=password]").first.fill(classroom.token)
    page.locator("input[type=password]").first.press("Enter")
    page.wait_for_load_state("networkidle")
    yield context.storage_state()
    context.close()


LOADED = """() => window.formgrader
    ? formgrader.grades?.loaded && formgrader.comments?.loaded
    : document.querySelector("tbody") && !/Loading, please/.test(document.body.innerText)"""


@pytest.fixture
def visit(browser, classroom, instructor):
    """Open a page of formgrader as its instructor."""

    @contextmanager
    def opened(path):
        with watched(browser, f"{classroom.address}/", instructor) as watch:
            watch.page.goto(f"{classroom.address}/formgrader/{path}")
            watch.page.wait_for_function(LOADED)
            yield watch

    return opened


@pytest.mark.parametrize("student", ["raw", "rebuilt"])
def test_formgrader_shows_a_hostile_notebook_as_text(visit, classroom, student):
    with visit(f"submissions/{classroom.ids[student]}/") as watch:
        page = watch.page
        assert watch.finish() == []
        assert strange(page, ".text_cell_render", TEXT_ALONE) == []
        assert strange(page, ".output_area, .input_area", PRINTED) == []
        assert page.locator("#double").evaluate("(e) => e.tagName") == "INPUT"
        assert page.locator(".breadcrumb img").count() == 0
        assert page.locator(".text_cell_render mjx-container").count() > 0
        assert "window.__hacked='script'" in page.locator("#notebook").first.inner_text()


@pytest.mark.parametrize(
    "path",
    [
        *("manage_assignments", "manage_submissions/toy", "gradebook", "gradebook/toy"),
        *("gradebook/toy/toy", "manage_students", "manage_students/raw"),
        "manage_students/raw/toy",
    ],
)
def test_formgrader_lists_hostile_names_as_text(visit, path):
    with visit(path) as watch:
        assert watch.finish() == []
        assert watch.page.locator("table img").count() == 0


def test_formgrader_takes_a_mark(visit, classroom, tmp_path):
    with visit(f"submissions/{classroom.ids['rebuilt']}/") as watch:
        page = watch.page
        assert watch.finish() == []
        marks = [
            (score.get_attribute("id"), float(score.get_attribute("placeholder") or "nan"))
            for score in page.locator("input.score").all()
            if score.get_attribute("id") != "derive"
        ]
        assert marks == [("double", 1.0), ("count", 1.0)]
        panels = page.locator(".nbgrader_cell .panel-heading").all_inner_texts()
        assert [float(text.split("/")[1].split()[0]) for text in panels if "/" in text] == [3, 1, 2]
        page.locator("#derive").scroll_into_view_if_needed()
        page.locator("#derive").fill("1.5")
        with page.expect_response(lambda response: response.request.method == "PUT"):
            page.locator("#derive").press("Tab")
        shot = page.screenshot(path=os.environ.get("FORMGRADER_SHOT", tmp_path / "formgrader.png"))
    assert len(shot) > 20_000
    with Gradebook(classroom.url, "rnn") as gradebook:
        grade = gradebook.find_grade("derive", "toy", "toy", "rebuilt")
        assert (grade.manual_score, grade.needs_manual_grade) == (1.5, False)


@pytest.fixture(scope="module")
def feedback(classroom):
    """The folder of feedback pages, as nbgrader writes them."""
    command = [sys.executable, "-m", "nbgrader", "generate_feedback", "toy"]
    done = subprocess.run(command, cwd=classroom.root, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return classroom.root / "classroom" / "feedback"


@pytest.mark.parametrize("student", ["raw", "rebuilt"])
def test_feedback_on_a_hostile_notebook_is_text(browser, feedback, student):
    page = feedback / student / "toy" / "toy.html"
    with watched(browser, page.as_uri()) as watch:
        watch.page.goto(page.as_uri())
        assert watch.finish() == []
        assert strange(watch.page, "main", FEEDBACK) == []


def test_report_on_hostile_answers_is_text(browser, tmp_path):
    question = QuestionResult(
        *(0.0, 3.0, False), said=MARKUP, hint=NAME, mistake=MARKUP, failure="value", tried=NAME
    )
    results = [
        NotebookResult(student, "toy", "toy", [MARKUP], {"double": question}, 1, [NAME])
        for student in ("ada", "ben", FOLDER)
    ]
    page = write_report(results, tmp_path)[0]
    with watched(browser, tmp_path.as_uri()) as watch:
        watch.page.goto(page.as_uri())
        assert watch.finish() == []
        assert watch.page.locator("img, iframe, object, embed, form").count() == 0
        assert MARKUP in watch.page.locator("body").inner_text()
