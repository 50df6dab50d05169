"""The rebuilt notebook: the master's, with a student's own text in it, whatever was handed in."""

import copy
import json
from pathlib import Path

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.assignment import Kind, parse_master
from autograder.course import Course
from autograder.rebuild import MAX_ADDED, MAX_SOURCE, Unreadable, rebuild
from autograder.release import made
from tests.autograder import toy

MASTER = parse_master(json.dumps(toy.master()), Path("toy.ipynb"))
KEPT = (Kind.TEXT, Kind.SETUP, Kind.GIVEN, Kind.SHOW, Kind.TEST)
ANSWERS = {"double_solution": "double = abs", "count_solution": "count = 1", "derive": "So."}


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    root = toy.write_course(tmp_path_factory.mktemp("rebuild"))
    with made(Course.at(root), ["toy"]) as folder:
        notebook = json.loads((folder / "toy/toy.ipynb").read_text())
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"])
    return notebook


@pytest.fixture
def handed_in(released):
    """A notebook with answers, which a test may damage."""
    return toy.answered(released, **ANSWERS)


def built(notebook):
    content = notebook if isinstance(notebook, bytes) else json.dumps(notebook).encode()
    return rebuild(MASTER, content)


def by_id(notebook):
    return {cell["id"]: cell for cell in notebook["cells"]}


def find(notebook, name):
    """Find the cell of a grade_id, or of an id."""
    for cell in notebook["cells"]:
        if name in (cell["metadata"].get("nbgrader", {}).get("grade_id"), cell.get("id")):
            return cell
    raise LookupError(name)


def answers(rebuilt):
    return {name: find(rebuilt.notebook, name)["source"] for name in ANSWERS}


def added(rebuilt):
    return [
        c["source"] for c in rebuilt.notebook["cells"] if "added" in c["metadata"].get("tags", [])
    ]


def assert_is_the_masters(rebuilt):
    """Each cell that is not the student's is the master's, in the master's order."""
    own = [cell for cell in rebuilt.notebook["cells"] if cell["id"] in by_id(MASTER.notebook)]
    assert [cell["id"] for cell in own] == [raw["id"] for raw in MASTER.notebook["cells"]]
    for cell, raw, known in zip(own, MASTER.notebook["cells"], MASTER.cells, strict=True):
        assert cell["cell_type"] == raw["cell_type"]
        if known.kind in KEPT:
            assert cell == raw
        else:
            checksum = cell["metadata"]["nbgrader"].pop("checksum")
            assert len(checksum) == 32
            assert cell["metadata"] == raw["metadata"]
    for cell in rebuilt.notebook["cells"]:
        if cell["id"] not in by_id(MASTER.notebook):
            assert cell["metadata"] == {"tags": ["added"]}
            assert not cell.get("outputs")


def assert_whole(rebuilt):
    assert answers(rebuilt) == ANSWERS
    assert rebuilt.reasons == []
    assert_is_the_masters(rebuilt)


def test_the_untouched_release_is_taken_as_it_is(released):
    rebuilt = built(released)
    assert (rebuilt.reasons, rebuilt.log, added(rebuilt)) == ([], [], [])
    for name in ANSWERS:
        assert find(rebuilt.notebook, name)["source"] == find(released, name)["source"]
    assert_is_the_masters(rebuilt)
    nbformat.validate(nbformat.from_dict(rebuilt.notebook))


def test_answers_are_taken(handed_in):
    assert_whole(built(handed_in))


def test_untouched_answers_have_the_checksum_of_the_release(released):
    rebuilt = built(released)
    for name in ANSWERS:
        expected = find(released, name)["metadata"]["nbgrader"]["checksum"]
        assert find(rebuilt.notebook, name)["metadata"]["nbgrader"]["checksum"] == expected


def test_an_answer_keeps_the_checksum_of_the_untouched_one(released, handed_in):
    rebuilt = built(handed_in)
    for name in ANSWERS:
        expected = find(released, name)["metadata"]["nbgrader"]["checksum"]
        assert find(rebuilt.notebook, name)["metadata"]["nbgrader"]["checksum"] == expected


def test_a_copy_of_an_answer_changes_nothing(handed_in):
    handed_in["cells"].append(copy.deepcopy(find(handed_in, "count_solution")))
    assert_whole(built(handed_in))


def test_of_two_answers_the_first_counts_and_is_looked_at(handed_in):
    for text in ("count = 2", "count = 3"):
        other = copy.deepcopy(find(handed_in, "count_solution"))
        other["source"] = text
        handed_in["cells"].append(other)
    rebuilt = built(handed_in)
    assert answers(rebuilt) == ANSWERS
    assert rebuilt.reasons == [
        "There are two cells for count_solution and they differ; the first one was graded."
    ]


def test_reasons_and_log_are_bounded(handed_in):
    for number in range(2000):
        for name in ("count_solution", "double"):
            other = copy.deepcopy(find(handed_in, name))
            other["source"] = f"count = {number}"
            handed_in["cells"].append(other)
    rebuilt = built(handed_in)
    assert (len(rebuilt.reasons), len(rebuilt.log)) == (1, 1)


def test_a_missing_answer_is_the_stub_and_looked_at(handed_in, released):
    handed_in["cells"].remove(find(handed_in, "double_solution"))
    rebuilt = built(handed_in)
    assert rebuilt.reasons == ["The cell for double_solution is missing."]
    stub = find(released, "double_solution")["source"]
    assert answers(rebuilt) == ANSWERS | {"double_solution": stub}


def test_the_order_of_the_master_is_kept(handed_in):
    handed_in["cells"].reverse()
    assert_whole(built(handed_in))


def test_a_renamed_answer_is_missing_and_its_text_an_added_cell(handed_in):
    find(handed_in, "count_solution")["metadata"]["nbgrader"]["grade_id"] = "other"
    rebuilt = built(handed_in)
    assert rebuilt.reasons == ["The cell for count_solution is missing."]
    assert added(rebuilt) == ["count = 1"]
    assert_is_the_masters(rebuilt)


def test_answers_are_found_by_id_where_metadata_are_lost(handed_in):
    for cell in handed_in["cells"]:
        cell["metadata"] = {}
    assert_whole(built(handed_in))


def test_answers_are_found_by_grade_id_where_ids_are_lost(handed_in):
    for number, cell in enumerate(handed_in["cells"]):
        cell["id"] = f"x{number}"
    rebuilt = built(handed_in)
    assert_whole(rebuilt)
    assert added(rebuilt) == []


@pytest.mark.parametrize(
    "damage", [None, 3, "text", [], {"nbgrader": 3}, {"nbgrader": {"grade_id": 3}}]
)
def test_metadata_of_any_kind_are_not_trusted(handed_in, damage):
    for cell in handed_in["cells"]:
        cell["metadata"] = damage
    assert_whole(built(handed_in))


def test_metadata_tags_and_outputs_are_dropped(handed_in):
    for cell in handed_in["cells"]:
        cell["metadata"] |= {"tags": ["setup"], "evil": 1}
        cell["metadata"].get("nbgrader", {}).update(points=99, grade=True, locked=False)
        cell["attachments"] = {"a.png": {"image/png": "x"}}
        cell["outputs"] = [{"output_type": "display_data", "data": {"text/html": "<script>"}}]
        cell["execution_count"] = 3
    handed_in["metadata"] = {"kernelspec": {"name": "bash"}, "evil": 1}
    assert_whole(built(handed_in))
    assert "evil" not in json.dumps(built(handed_in).notebook)


def test_an_edited_test_is_undone_and_logged(handed_in):
    find(handed_in, "double")["source"] = "print('passed')"
    rebuilt = built(handed_in)
    assert_whole(rebuilt)
    assert rebuilt.log == ["An edit of the locked cell double was undone."]


def test_edits_of_other_locked_cells_and_of_text_are_undone(handed_in):
    for name in ("setup", "given", "show"):
        find(handed_in, name)["source"] = "print('mine')"
    next(c for c in handed_in["cells"] if c["cell_type"] == "markdown")["source"] = "# Mine"
    assert_whole(built(handed_in))


def test_added_cells_stay_behind_the_cell_that_they_follow(handed_in):
    def new(kind, source):
        return {"cell_type": kind, "id": "new", "metadata": {}, "source": source}

    place = handed_in["cells"].index(find(handed_in, "double"))
    handed_in["cells"][place + 1 : place + 1] = [new("code", "1"), new("markdown", "2")]
    handed_in["cells"].insert(0, new("raw", "0"))
    rebuilt = built(handed_in)
    assert_whole(rebuilt)
    assert added(rebuilt) == ["0", "1", "2"]
    ids = [cell["id"] for cell in rebuilt.notebook["cells"]]
    assert ids[0] == "added-0-0"
    assert ids.index("test-double") + 1 == ids.index(f"added-{ids.index('test-double')}-0")
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("place", [0, 5, 100])
def test_too_many_added_cells_are_left_out_and_looked_at(handed_in, place):
    for number in range(MAX_ADDED + 7):
        handed_in["cells"].insert(place, {"cell_type": "code", "source": f"{number}"})
    for number in range(3):
        handed_in["cells"].append({"cell_type": "code", "source": f"last {number}"})
    rebuilt = built(handed_in)
    assert len(added(rebuilt)) == MAX_ADDED
    assert rebuilt.reasons == [f"More than {MAX_ADDED} cells were added; the rest is left out."]
    assert answers(rebuilt) == ANSWERS


def test_a_cell_is_cut_at_its_bound(handed_in):
    find(handed_in, "derive")["source"] = "x" * (MAX_SOURCE + 5)
    assert len(answers(built(handed_in))["derive"]) == MAX_SOURCE


def test_sources_may_be_lists_of_lines(handed_in):
    for cell in handed_in["cells"]:
        cell["source"] = cell["source"].splitlines(keepends=True)
    assert_whole(built(handed_in))


@pytest.mark.parametrize("source", [None, 3, {}, ["a", 3], {"a": "b"}])
def test_a_cell_without_text_is_no_cell(handed_in, source):
    find(handed_in, "count_solution")["source"] = source
    assert built(handed_in).reasons == ["The cell for count_solution is missing."]


@pytest.mark.parametrize("cell", [None, 3, "cell", [], {}, {"cell_type": "heading", "source": "x"}])
def test_what_is_no_cell_is_dropped(handed_in, cell):
    handed_in["cells"].insert(3, cell)
    rebuilt = built(handed_in)
    assert_whole(rebuilt)
    assert added(rebuilt) == []


def test_an_answer_keeps_its_kind_of_cell(handed_in):
    find(handed_in, "count_solution")["cell_type"] = "markdown"
    find(handed_in, "derive")["cell_type"] = "raw"
    assert_whole(built(handed_in))


def test_text_is_cleaned_of_what_no_page_can_show(handed_in):
    find(handed_in, "derive")["source"] = "a\0b\x1b[31mc\ud800d\r\n\te\x7f\x9ff é ∇ 😀"
    assert answers(built(handed_in))["derive"] == "ab[31mc?d\n\tef é ∇ 😀"


def test_code_keeps_the_characters_that_python_keeps(handed_in):
    source = "count = len('\x85\x1c\u2028') + 3\0  # \x0b"
    find(handed_in, "count_solution")["source"] = source
    assert answers(built(handed_in))["count_solution"] == source.replace("\0", "")


def test_a_cells_id_counts_only_where_no_cell_has_the_grade_id(handed_in):
    thief = {"cell_type": "code", "id": "solution-count-solution", "metadata": {}, "source": "1"}
    find(handed_in, "count_solution")["id"] = "other"
    handed_in["cells"].insert(2, thief)
    rebuilt = built(handed_in)
    assert answers(rebuilt)["count_solution"] != "1"
    assert (rebuilt.reasons, len(added(rebuilt))) == ([], 1)


def test_a_byte_order_mark_and_old_minor_versions_are_taken(handed_in):
    assert_whole(built(b"\xef\xbb\xbf" + json.dumps(handed_in).encode()))
    for minor in (0, 4, 99, "x", None):
        handed_in["nbformat_minor"] = minor
        assert_whole(built(handed_in))


def test_format_3_is_converted(handed_in):
    notebook = nbformat.from_dict(handed_in)
    older = nbformat.convert(notebook, 3)
    rebuilt = built(json.dumps(older).encode())
    assert answers(rebuilt) == ANSWERS
    assert_is_the_masters(rebuilt)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no JSON"),
        (b'{"cells": [', "no JSON"),
        (b"\x80\x81", "no text in UTF-8"),
        (b"\xff\xfe{\0}\0", "no text in UTF-8"),
        (b"[" * 200_000, "nested too deeply"),
        (b"9" * 5000, "no JSON"),
        (b"[]", "no notebook"),
        (b"null", "no notebook"),
        (b"{}", "no version"),
        (b'{"nbformat": "4", "cells": [1]}', "no version"),
        (b'{"nbformat": true, "cells": [1]}', "no version"),
        (b'{"nbformat": 4.0, "cells": [1]}', "no version"),
        (b'{"nbformat": 5, "cells": [1]}', "version 5"),
        (b'{"nbformat": 3}', "cannot be converted"),
        (b'{"nbformat": -1, "cells": []}', "cannot be converted"),
        (b'{"nbformat": 3, "worksheets": 7}', "cannot be converted"),
        (b'{"nbformat": 4}', "no cells"),
        (b'{"nbformat": 4, "cells": []}', "no cells"),
        (b'{"nbformat": 4, "cells": {"a": 1}}', "no cells"),
    ],
)
def test_what_is_no_notebook_is_said(content, words):
    with pytest.raises(Unreadable, match=words):
        built(content)


def test_a_notebook_of_no_cell_at_all_misses_each_answer():
    rebuilt = built(b'{"nbformat": 4, "cells": [3]}')
    assert rebuilt.reasons == [f"The cell for {name} is missing." for name in ANSWERS]
    assert_is_the_masters(rebuilt)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)
FIELDS = ("cell_type", "source", "metadata", "id", "outputs", "nbgrader", "attachments")


@settings(deadline=None, max_examples=200)
@given(st.data())
def test_whatever_is_done_to_it_the_rest_is_the_masters(released, data):
    notebook = json.loads(json.dumps(released))
    for _ in range(data.draw(st.integers(1, 6))):
        cells = notebook["cells"]
        how = data.draw(
            st.sampled_from(["junk", "field", "copy", "drop", "swap", "shuffle", "source"])
        )
        place = data.draw(st.integers(0, max(0, len(cells) - 1)))
        other = data.draw(st.integers(0, max(0, len(cells) - 1)))
        if how == "junk" or not cells:
            cells.insert(place, data.draw(JUNK))
        elif how == "drop":
            del cells[place]
        elif how == "copy":
            cells.insert(other, copy.deepcopy(cells[place]))
        elif how == "shuffle":
            notebook["cells"] = data.draw(st.permutations(cells))
        elif not isinstance(cells[place], dict) or not isinstance(cells[other], dict):
            continue
        elif how == "field":
            cells[place][data.draw(st.sampled_from(FIELDS))] = data.draw(JUNK)
        elif how == "swap":
            cells[place]["metadata"] = copy.deepcopy(cells[other].get("metadata"))
        else:
            cells[place]["source"] = copy.deepcopy(cells[other].get("source"))
    try:
        rebuilt = built(notebook)
    except Unreadable as error:
        assert str(error) == "it has no cells"  # noqa: PT017  (any other reason is a defect)
        return
    assert_is_the_masters(rebuilt)
    nbformat.validate(nbformat.from_dict(rebuilt.notebook))


def test_the_master_is_never_changed(handed_in):
    before = json.dumps(MASTER.notebook)
    built(handed_in)
    assert json.dumps(MASTER.notebook) == before
