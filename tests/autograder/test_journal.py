"""The journal: what the hash of a task covers, what is kept, and which answers are refused."""

import json

import pytest

from autograder import journal
from autograder.assignment import read_master
from autograder.journal import Journal, make_task, read_answer
from tests.autograder import toy
from tests.autograder.kill import fake_grade_task


def notebook_bytes(**answers):
    return json.dumps(toy.answered(toy.master(), **answers)).encode()


def make(course, student="ann", content=None, **changes):
    settings = {"seed": 1, "limits": {"cell_seconds": 1.0}} | changes
    master = read_master(course.masters("toy")[0])
    return make_task(student, "toy", master, content or notebook_bytes(), **settings)


def test_the_hash_is_that_of_all_inputs_but_the_student(course, monkeypatch):
    first = make(course)
    assert make(course, student="bob").hash == first.hash
    assert json.loads(make(course, student="bob").content)["student"] == "bob"
    hashes = {
        first.hash,
        make(course, seed=2).hash,
        make(course, limits={"cell_seconds": 2.0}).hash,
        make(course, content=notebook_bytes(derive="x")).hash,
    }
    wrong = course.solutions / "toy/wrong_answers.py"
    wrong.write_text(wrong.read_text() + "\n")
    hashes.add(make(course).hash)
    (course.solutions / "toy/toy.ipynb").write_text(json.dumps(toy.master(given="x = 1")))
    hashes.add(make(course).hash)
    monkeypatch.setattr(journal, "library_hash", lambda: "another")
    hashes.add(make(course).hash)
    assert len(hashes) == 7


def test_an_answer_is_kept_in_place_of_the_earlier_one(course):
    kept = Journal(course, "toy")
    earlier, task, other = make(course), make(course, seed=2), make(course, student="bob")
    assert kept.find(task) is None
    for each in (earlier, other, task):
        kept.keep(each, fake_grade_task(each.content))
    assert kept.find(task).result.seed == 2
    assert kept.find(other).result.student == "bob"
    assert kept.find(earlier) is None
    names = [path.name for path in (course.classroom / "journal/toy/ann").iterdir()]
    assert names == [f"toy-{task.hash}.json"]


def test_a_damaged_entry_counts_as_none(course):
    kept, task = Journal(course, "toy"), make(course)
    kept.keep(task, fake_grade_task(task.content)[:-10])
    assert kept.find(task) is None


def cell(**changes):
    return {"cell_type": "code", "source": "", "metadata": {}, "outputs": [], **changes}


def changed(answer, *path, to):
    *inner, last = path
    place = answer
    for step in inner:
        place = place[step]
    place[last] = to
    return answer


FORGED = {
    "another student": (("result", "student"), "bob"),
    "another notebook": (("result", "notebook"), "other"),
    "no questions": (("result", "questions"), {}),
    "an unknown field": (("result", "more"), 1),
    "too many points": (("result", "questions", "double", "score"), 4.0),
    "more points to get": (("result", "questions", "double", "max_score"), 30.0),
    "points that are no number": (("result", "questions", "double", "score"), float("nan")),
    "a question made manual": (("result", "questions", "double", "manual"), True),
    "a notebook of another format": (("notebook", "nbformat"), 3),
    "a notebook with more in it": (("notebook", "worksheets"), []),
    "a notebook that is a list": (("notebook",), []),
    "cells that are none": (("notebook", "cells"), "none"),
    "metadata that is none": (("notebook", "metadata"), []),
    "a cell of another kind": (("notebook", "cells", 0), cell(cell_type="html")),
    "an attachment": (("notebook", "cells", 0), cell(attachments={"a.svg": {}})),
    "HTML": (("notebook", "cells", 0), cell(outputs=[{"output_type": "display_data", "data": {}}])),
    "stderr": (
        ("notebook", "cells", 0),
        cell(outputs=[{"output_type": "stream", "name": "stderr", "text": "a"}]),
    ),
    "an output that is a text": (("notebook", "cells", 0), cell(outputs=["<script>"])),
}


@pytest.mark.parametrize("forgery", FORGED.values(), ids=FORGED.keys())
def test_an_answer_that_breaks_the_rules_is_refused(course, forgery):
    task = make(course)
    answer = json.loads(fake_grade_task(task.content))
    assert read_answer(json.dumps(answer).encode(), task).notebook == answer["notebook"]
    path, value = forgery
    with pytest.raises(ValueError, match=r"\w+ \w+"):
        read_answer(json.dumps(changed(answer, *path, to=value)).encode(), task)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b'{"result": {}}', b"[" * 100_000])
def test_what_is_no_answer_is_refused(course, content):
    with pytest.raises(ValueError, match=r"\w+ \w+"):
        read_answer(content, make(course))


def test_an_answer_too_large_is_refused_unread(course, monkeypatch):
    monkeypatch.setattr(journal, "MAX_ANSWER_BYTES", 10)
    with pytest.raises(ValueError, match="10 bytes"):
        read_answer(b"[" * 11, make(course))


def test_a_file_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "file"
    journal.write_whole(path, b"old")
    monkeypatch.setattr(journal.os, "fsync", lambda number: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        journal.write_whole(path, b"new")
    assert path.read_bytes() == b"old"
