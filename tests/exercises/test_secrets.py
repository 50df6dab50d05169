"""Nothing that learners get holds a word of a hidden test, a solution or a wrong answer."""

import ast
import html
import json
import re
import zipfile

import pytest

from autograder.archive import write_archive
from autograder.assignment import Kind, read_master
from autograder.regions import HIDDEN_TESTS, SOLUTION, split_region
from rnncore.checking import load_wrong_answers

LONG_WORD = re.compile(r"[A-Za-z_]\w{6,}|\d+\.\d{3,}")


def tokens(text):
    """Long words and numbers, and whole lines of code."""
    lines = {line.strip() for line in text.split("\n")}
    return set(LONG_WORD.findall(text)) | {line for line in lines if len(line) >= 16}


def masters(course):
    return [read_master(path) for name in course.assignments for path in course.masters(name)]


def public_text(course):
    """What learners may read: code, chapters, hints, and masters' cells outside secret regions."""
    parts = [
        path.read_text()
        for folder in ("rnncore", "autograder", "chapters")
        for path in (course.root / folder).rglob("*")
        if path.suffix in (".py", ".md", ".ipynb", ".j2", ".js", ".css", ".bib")
    ]
    for path in course.solutions.glob("*/wrong_answers.py"):
        parts += [record.hint for record in load_wrong_answers(path)]
    for master in masters(course):
        for cell in master.cells:
            if cell.kind is not Kind.MANUAL:
                parts.append(split_region(split_region(cell.source, HIDDEN_TESTS)[0], SOLUTION)[0])
    return "\n".join(parts)


def hidden_text(course):
    return "\n".join(
        split_region(cell.source, HIDDEN_TESTS)[1]
        for master in masters(course)
        for cell in master.cells
    )


def wrong_text(course):
    """The code of the wrong answers without their hints, which learners are meant to read."""
    parts = []
    for path in course.solutions.glob("*/wrong_answers.py"):
        source = path.read_text()
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef):
                parts += [node.name, *(ast.get_source_segment(source, part) for part in node.body)]
            elif isinstance(node, ast.keyword) and node.arg == "value":
                parts.append(ast.get_source_segment(source, node.value))
    return "\n".join(parts)


def solution_text(course):
    parts = []
    for master in masters(course):
        for cell in master.cells:
            if cell.kind is Kind.SOLUTION:
                parts.append(split_region(cell.source, SOLUTION)[1])
            elif cell.kind is Kind.MANUAL:
                parts.append(cell.source)
    return "\n".join(parts)


@pytest.fixture(scope="module")
def secrets(course):
    """Secret tokens by where they come from."""
    texts = {
        "hidden tests": hidden_text(course),
        "wrong answers": wrong_text(course),
        "solutions": solution_text(course),
    }
    public = public_text(course)
    found = {kind: tokens(text) - set(leaks(public, tokens(text))) for kind, text in texts.items()}
    assert all(len(each) >= 20 for each in found.values())
    return found


def leaks(text, secret):
    """The secret tokens that occur in a text, as whole words."""
    words = set(re.findall(r"\w+", text))
    return sorted(
        token
        for token in secret
        if (
            token in words
            if token.isidentifier()
            else token in text and re.search(rf"(?<!\w){re.escape(token)}(?!\w)", text)
        )
    )


def cells(text):
    return "\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"])


def test_exercises_hold_no_secret(course, secrets):
    files = [path for path in course.exercises.rglob("*") if path.is_file()]
    assert files
    assert {path.suffix for path in files} <= {".ipynb", ".json"}
    for path in files:
        text = path.read_text()
        text += cells(text) if path.suffix == ".ipynb" else ""
        for secret in secrets.values():
            assert leaks(text, secret) == []


def test_the_archive_holds_no_secret(course, secrets):
    with zipfile.ZipFile(write_archive(course)) as archive:
        names = archive.namelist()
        assert not [
            n
            for n in names
            if re.search("solutions/|/tests/|wrong_answers.py$|.pyc$|/[.]git", n)
            and not n.endswith("rnncore/checking/wrong_answers.py")
        ]
        pictures_and_data = {name for name in names if name.endswith((".png", ".gz", ".npz"))}
        assert len(pictures_and_data) < 10
        for name in set(names) - pictures_and_data:
            text = archive.read(name).decode()
            text += cells(text) if name.endswith(".ipynb") else ""
            for kind, secret in secrets.items():
                found = leaks(text, in_prose(secret) if is_prose(name) else secret)
                assert found == [], f"{name}, {kind}"


def is_prose(name):
    """Whether a file of the archive is of the book or the grader, which use words of English."""
    return re.match(r"[^/]+/(exercises|rnncore)/", name) is None


def in_prose(secret):
    """Secret tokens without those that are one word of letters, such as *although*."""
    return {token for token in secret if not token.isalpha()}


def test_two_archives_are_identical(course):
    first = write_archive(course).read_bytes()
    assert write_archive(course).read_bytes() == first


@pytest.mark.parametrize("student", ["stub", "nosy", "solution"])
def test_feedback_holds_no_secret(graded, secrets, student):
    pages = list((graded / "classroom" / "feedback" / student).rglob("*"))
    submitted = list((graded / "classroom" / "submitted" / student).rglob("*.ipynb"))
    own = "\n".join(cells(path.read_text()) for path in submitted)
    kinds = ["hidden tests", "wrong answers"] + ["solutions"] * (student != "solution")
    files = [page for page in pages if page.is_file()]
    assert {page.suffix for page in files} == {".html", ".txt"}
    for page in files:
        text = html.unescape(page.read_text())
        assert "Traceback" not in text
        assert "HIDDEN TESTS" not in text
        assert str(graded) not in text
        for kind in kinds:
            assert set(leaks(text, secrets[kind])) <= set(leaks(own, secrets[kind]))


def test_the_search_finds_a_planted_secret(secrets):
    for secret in secrets.values():
        token = max(secret, key=len)
        assert token in leaks(f"<pre>{token}</pre>", secret)
        assert len(in_prose(secret)) >= 20
