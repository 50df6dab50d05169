"""Every built page as a reader meets it: from a file, offline, wide and dark and on a phone."""

import functools
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from urllib.parse import unquote, urlsplit

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page

REPOSITORY = Path(__file__).parents[2]
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
LOCAL_SCHEMES = ("data", "blob", "about")
A_CHAPTER = "chapters/equations/recurrent_cell.html"
LIBRARY = [
    f"rnncore.{package}" for package in ("numpy", "torch", "training", "data", "checking", "plots")
]


@dataclass(frozen=True)
class View:
    """A window of a reader: its size in CSS pixels, and the colours that the system asks for."""

    width: int
    height: int
    colours: str


VIEWS = {
    "wide": View(1366, 900, "light"),
    "dark": View(1366, 900, "dark"),
    "phone": View(390, 844, "light"),
}


@dataclass
class Visit:
    """A page opened in the browser, and what went wrong on the way."""

    page: Page
    root: Path
    incidents: list[str] = field(default_factory=list)


@contextmanager
def visit(browser: Browser, path: Path, root: Path, view: View, query: str = "") -> Iterator[Visit]:
    """Open a page of the folder ``root`` from its file, with the network off."""
    context = browser.new_context(
        viewport={"width": view.width, "height": view.height},
        color_scheme=view.colours,
        offline=True,
    )
    page = context.new_page()
    visited = Visit(page, root)
    incidents = visited.incidents

    def note_request(url: str) -> None:
        if urlsplit(url).scheme not in LOCAL_SCHEMES and not is_inside(url, root):
            incidents.append(f"asks for {url}, which lies outside the book")

    page.on("request", lambda request: note_request(request.url))
    page.on("requestfailed", lambda request: incidents.append(f"request failed: {request.url}"))
    page.on("pageerror", lambda error: incidents.append(f"script error: {error}"))
    page.on(
        "console",
        lambda message: (
            incidents.append(f"console error: {message.text}") if message.type == "error" else None
        ),
    )
    try:
        page.goto(path.as_uri() + query, wait_until="load")
        page.evaluate("async () => { await window.MathJax?.startup?.promise }")
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
        yield visited
    finally:
        context.close()


def is_inside(url: str, root: Path) -> bool:
    """Tell whether a URL names a file under ``root``."""
    parts = urlsplit(url)
    if parts.scheme != "file":
        return False
    return Path(unquote(parts.path)).resolve().is_relative_to(root.resolve())


# Guards: each takes a visit and returns its complaints. ----------------------------------------


def incidents(visit: Visit) -> list[str]:
    """Failed requests, requests that leave the folder, script errors, errors in the console."""
    return visit.incidents


def unset_maths(visit: Visit) -> list[str]:
    """Formulas that MathJax did not reach or could not read."""
    return visit.page.evaluate(
        r"""() => {
            const complaints = [];
            for (const formula of document.querySelectorAll(".math"))
                if (!formula.querySelector("mjx-container"))
                    complaints.push(`maths not typeset: ${formula.textContent.slice(0, 60)}`);
            for (const error of document.querySelectorAll("mjx-merror, [data-mjx-error]"))
                complaints.push(`maths with an error: ${error.textContent.slice(0, 60)}`);
            const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            while (walker.nextNode()) {
                const { parentElement, data } = walker.currentNode;
                if (/\\\(|\\\[|\\begin\{|\$\$/.test(data)
                    && !parentElement.closest("pre, code, script, style, .math"))
                    complaints.push(`raw TeX in the text: ${data.trim().slice(0, 60)}`);
            }
            return complaints;
        }"""
    )


def bad_images(visit: Visit) -> list[str]:
    """Images that do not load, or whose alternative text is empty or their file's name."""
    return visit.page.evaluate(
        r"""async () => {
            const complaints = [];
            for (const image of document.images) {
                await image.decode().catch(() => {});
                const name = image.getAttribute("src").slice(-60);
                if (image.naturalWidth === 0) complaints.push(`image does not load: ${name}`);
                const alt = (image.getAttribute("alt") ?? "").trim();
                if (alt === "" || /\.(png|svg|jpe?g|gif)$/.test(alt))
                    complaints.push(`image without alt text: ${name}`);
            }
            return complaints;
        }"""
    )


def images_outside_figures(visit: Visit) -> list[str]:
    """Images drawn by a cell that stand in no figure, or in one whose caption is empty."""
    return visit.page.evaluate(
        r"""() => [...document.querySelectorAll(".cell_output img")]
            .filter((image) => {
                const caption = image.closest("figure")?.querySelector("figcaption .caption-text");
                return !caption?.textContent.trim();
            })
            .map((image) => `image without a caption: ${image.getAttribute("src").slice(-60)}`)"""
    )


def sideways_scroll(visit: Visit) -> list[str]:
    """A page wider than the window, or one that hides what sticks out."""
    return visit.page.evaluate(
        r"""() => {
            const complaints = [];
            for (const element of [document.documentElement, document.body]) {
                if (element.scrollWidth > innerWidth + 1)
                    complaints.push(`${element.tagName} is ${element.scrollWidth} pixels wide `
                        + `in a window of ${innerWidth}`);
                if (["hidden", "clip"].includes(getComputedStyle(element).overflowX))
                    complaints.push(`${element.tagName} hides what is wider than the window`);
            }
            return complaints;
        }"""
    )


def barriers(visit: Visit) -> list[str]:
    """What axe-core finds serious or critical: contrast, names, roles, reach by keyboard."""
    visit.page.evaluate(AXE)
    violations = visit.page.evaluate(
        "async () => (await axe.run({resultTypes: ['violations'], preload: false})).violations"
    )
    return [
        f"axe, {found['impact']}: {found['id']} at {node['target']}: {node['html'][:120]}"
        for found in violations
        if found["impact"] in ("serious", "critical")
        for node in found["nodes"]
    ]


def small_text(visit: Visit) -> list[str]:
    """Paragraphs of the article below 16 pixels; captions, tables and cards are not among them."""
    return visit.page.evaluate(
        r"""() => [...document.querySelectorAll("article section > p")]
            .filter((paragraph) => parseFloat(getComputedStyle(paragraph).fontSize) < 16)
            .map((paragraph) => `text below 16 pixels: ${paragraph.textContent.slice(0, 60)}`)"""
    )


def broken_links(visit: Visit) -> list[str]:
    """Links inside the book whose file or anchor does not exist."""
    complaints = []
    for address in visit.page.evaluate("[...document.links].map((link) => link.href)"):
        parts = urlsplit(address)
        if parts.scheme != "file":
            continue
        target = Path(unquote(parts.path))
        if not is_inside(address, visit.root):
            complaints.append(f"link leaves the book: {address}")
        elif not target.is_file():
            complaints.append(f"link to a file that does not exist: {address}")
        elif parts.fragment and unquote(parts.fragment) not in anchors(target):
            complaints.append(f"link to an anchor that does not exist: {address}")
    return complaints


@functools.cache
def anchors(path: Path) -> frozenset[str]:
    """Return the ids of a page's elements."""
    return frozenset(re.findall(r'\sid="([^"]+)"', path.read_text(encoding="utf-8")))


GUARDS: list[Callable[[Visit], list[str]]] = [
    incidents,
    unset_maths,
    bad_images,
    images_outside_figures,
    sideways_scroll,
    barriers,
    small_text,
    broken_links,
]


# The book ----------------------------------------------------------------------------------------


def page_names() -> list[str]:
    """Name every page that the sources promise, so that a page that was not built fails."""
    sources = [
        path.relative_to(REPOSITORY)
        for suffix in ("ipynb", "md")
        for path in (REPOSITORY / "chapters").rglob(f"*.{suffix}")
        if ".ipynb_checkpoints" not in path.parts
    ]
    return [*sorted(path.with_suffix(".html").as_posix() for path in sources), "search.html"]


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("name", page_names())
def test_page_is_sound(html: Path, browser: Browser, name: str, view: str) -> None:
    with visit(browser, html / name, html, VIEWS[view]) as visited:
        assert visited.page.evaluate("document.documentElement.dataset.theme") == (
            VIEWS[view].colours
        )
        assert [complaint for guard in GUARDS for complaint in guard(visited)] == []


def entries_missing_from(folder: Path) -> list[str]:
    """List the library's public names that no page of a folder has an entry for."""
    found = frozenset().union(*(anchors(page) for page in folder.glob("*.html")))
    return [
        f"{package}.{name}"
        for package in LIBRARY
        for name in import_module(package).__all__
        if not any(
            anchor.startswith(f"{package}.") and anchor.endswith(f".{name}") for anchor in found
        )
    ]


def test_every_public_name_of_the_library_has_an_entry(html: Path) -> None:
    assert entries_missing_from(html / "chapters" / "reference" / "api") == []


def test_a_name_without_an_entry_is_found(tmp_path: Path) -> None:
    page = '<dt id="rnncore.numpy.trees.map_arrays"></dt><dt id="rnncore.torch.GRU"></dt>'
    (tmp_path / "trees.html").write_text(page)
    missing = entries_missing_from(tmp_path)
    assert not {"rnncore.numpy.map_arrays", "rnncore.torch.GRU"} & set(missing)
    assert {"rnncore.numpy.named_arrays", "rnncore.torch.RNN", "rnncore.data.Names"} <= set(missing)


def test_front_page_leads_to_the_landing_page(html: Path) -> None:
    target = re.search(r'url=([^"]+)"', (html / "index.html").read_text(encoding="utf-8"))
    assert target is not None
    assert (html / target[1]).resolve() == (html / "chapters" / "index.html").resolve()


def test_search_works_without_a_server(html: Path, browser: Browser) -> None:
    with visit(browser, html / "search.html", html, VIEWS["wide"], "?q=recurrent") as visited:
        visited.page.locator("#search-results li a").first.wait_for()
        assert visited.incidents == []


def test_answers_unfold_by_keyboard(html: Path, browser: Browser) -> None:
    with visit(browser, html / A_CHAPTER, html, VIEWS["wide"]) as visited:
        answer = visited.page.locator("details.dropdown").first
        answer.locator("summary").focus()
        assert not answer.evaluate("(details) => details.open")
        visited.page.keyboard.press("Enter")
        assert answer.evaluate("(details) => details.open")


def test_paper_is_white_and_shows_the_answers(html: Path, browser: Browser) -> None:
    state = """() => [
        document.documentElement.dataset.theme,
        ...[...document.querySelectorAll("details.dropdown")].map((answer) => answer.open),
    ]"""
    with visit(browser, html / A_CHAPTER, html, VIEWS["dark"]) as visited:
        on_screen = visited.page.evaluate(state)
        visited.page.evaluate("dispatchEvent(new Event('beforeprint'))")
        visited.page.emulate_media(media="print")
        on_paper = visited.page.evaluate(state)
        assert visited.page.locator("article h1").is_visible()
        assert not visited.page.locator("#pst-primary-sidebar").is_visible()
        visited.page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert on_screen == ["dark"] + [False] * (len(on_screen) - 1)
        assert on_paper == ["light"] + [True] * (len(on_screen) - 1)
        assert visited.page.evaluate(state) == on_screen


# The guards --------------------------------------------------------------------------------------

SOUND = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>A page</title></head>
<body style="margin: 0; font-size: 16px"><main><article><section id="top">
<h1>A page</h1>
<p>A formula: <span class="math"><mjx-container>x</mjx-container></span>, code <code>$$</code>,
<a href="#top">a link</a>.</p>
<div class="cell_output"><figure>
<img src="dot.svg" alt="a dot" width="20" height="20">
<figcaption><span class="caption-text">A dot.</span></figcaption>
</figure></div>
</section></article></main></body>
</html>
"""
DOT = '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"><circle r="2"/></svg>'

FAULTS = {
    "console": (incidents, "</main>", "</main><script>console.error('no')</script>", "console"),
    "script": (incidents, "</main>", "</main><script>nothing()</script>", "script error"),
    "network": (incidents, 'src="dot.svg"', 'src="https://example.org/a.png"', "outside"),
    "file outside": (incidents, 'src="dot.svg"', 'src="../outside.svg"', "outside"),
    "missing file": (incidents, 'src="dot.svg"', 'src="no.svg"', "request failed"),
    "formula left": (unset_maths, "<mjx-container>x</mjx-container>", r"\(x\)", "not typeset"),
    "formula wrong": (unset_maths, ">x<", "><mjx-merror>x</mjx-merror><", "with an error"),
    "raw TeX": (unset_maths, "A formula", r"\begin{align}", "raw TeX"),
    "broken image": (bad_images, 'src="dot.svg"', 'src="no.svg"', "does not load"),
    "no alt": (bad_images, ' alt="a dot"', "", "without alt"),
    "empty alt": (bad_images, 'alt="a dot"', 'alt=" "', "without alt"),
    "file name as alt": (bad_images, 'alt="a dot"', 'alt="../_images/a.png"', "without alt"),
    "no figure": (images_outside_figures, "figure>", "div>", "without a caption"),
    "empty caption": (images_outside_figures, "A dot.", " ", "without a caption"),
    "too wide": (sideways_scroll, "<h1", '<div style="width: 500px">x</div><h1', "500 pixels"),
    "cut off": (sideways_scroll, "margin: 0", "overflow-x: hidden", "hides"),
    "contrast": (barriers, "<p>", '<p style="color: #ccc">', "color-contrast"),
    "no language": (barriers, ' lang="en"', "", "html-has-lang"),
    "small text": (small_text, "font-size: 16px", "font-size: 15px", "below 16"),
    "no such anchor": (broken_links, "#top", "#nowhere", "anchor"),
    "no such page": (broken_links, "#top", "no.html", "file that does not exist"),
    "link outside": (broken_links, "#top", "../outside.svg", "leaves the book"),
}


def write_page(folder: Path, text: str) -> Path:
    """Write a page with its image into ``folder/book``, and a file beside the book."""
    root = folder / "book"
    root.mkdir()
    (folder / "outside.svg").write_text(DOT)
    (root / "dot.svg").write_text(DOT)
    (root / "page.html").write_text(text)
    return root


def test_no_guard_complains_about_a_sound_page(browser: Browser, tmp_path: Path) -> None:
    root = write_page(tmp_path, SOUND)
    with visit(browser, root / "page.html", root, VIEWS["phone"]) as visited:
        assert [complaint for guard in GUARDS for complaint in guard(visited)] == []


@pytest.mark.parametrize("fault", FAULTS)
def test_guard_finds_the_fault(browser: Browser, tmp_path: Path, fault: str) -> None:
    guard, sound, broken, words = FAULTS[fault]
    assert sound in SOUND
    root = write_page(tmp_path, SOUND.replace(sound, broken))
    with visit(browser, root / "page.html", root, VIEWS["phone"]) as visited:
        assert any(words in complaint for complaint in guard(visited)), guard(visited)


def test_every_guard_is_tripped() -> None:
    assert {guard for guard, *_ in FAULTS.values()} == set(GUARDS)
