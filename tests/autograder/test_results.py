"""What a result may hold, and how it is written down."""

import copy
import csv
import json
import os
import threading

import pytest
from rich.console import Console

from autograder.results import (
    FAILURES,
    MAX_TEXT,
    NotebookResult,
    QuestionResult,
    clean_text,
    reasons,
    summary,
    text_cell,
    write_atomically,
    write_csv,
    write_json,
)

LOST = QuestionResult(0.0, 3.0, False, "not right", "A hint.", "squares", "value", 0.25, "f(…)")
WAITS = QuestionResult(None, 2.0, True)
RESULT = NotebookResult("ada", "toy", "toy", [], {"double": LOST, "derive": WAITS}, 7, ["Log."])


def test_the_json_has_the_keys_that_others_read():
    assert LOST.as_json() == {
        **{"score": 0.0, "max_score": 3.0, "needs_manual": False, "hint": "A hint."},
        **{"manual": False, "said": "not right", "mistake": "squares", "failure": "value"},
        **{"seconds": 0.25, "tried": "f(…)"},
    }
    made = RESULT.as_json()
    assert made["questions"]["derive"]["needs_manual"] is True
    assert (made["status"], made["score"], made["max_score"], made["manual_max"]) == (
        "graded", 0, 3, 2
    )  # fmt: skip
    assert (made["seed"], made["log"]) == (7, ["Log."])


@pytest.mark.parametrize("failure", [None, *FAILURES])
def test_what_is_written_is_read_back(failure):
    lost = QuestionResult(1.5, 3.0, False, "said", failure=failure)
    result = NotebookResult("ada", "toy", "toy", ["Why."], {"double": lost, "derive": WAITS})
    assert NotebookResult.from_json(json.loads(json.dumps(result.as_json()))) == result


WRONG_FIELDS = [
    ((), None),
    ((), []),
    (("student",), 3),
    (("notebook",), None),
    (("status",), "needs_look"),
    (("reasons",), "Why."),
    (("reasons",), [3]),
    (("log",), ["x"] * 1001),
    (("score",), 3.0),
    (("max_score",), 4.0),
    (("manual_max",), True),
    (("seed",), -1),
    (("seed",), True),
    (("seed",), 2**128),
    (("seed",), 1.0),
    (("questions",), []),
    (("questions",), {"double": None}),
    (("questions", "double", "score"), 3.5),
    (("questions", "double", "score"), -1),
    (("questions", "double", "score"), float("nan")),
    (("questions", "double", "score"), True),
    (("questions", "double", "score"), "0"),
    (("questions", "double", "score"), 10**400),
    (("questions", "double", "max_score"), float("inf")),
    (("questions", "double", "max_score"), None),
    (("questions", "double", "needs_manual"), True),
    (("questions", "double", "needs_manual"), [[]]),
    (("questions", "double", "manual"), 0),
    (("questions", "double", "failure"), "cosmic"),
    (("questions", "double", "seconds"), float("inf")),
    (("questions", "double", "seconds"), None),
    (("questions", "double", "said"), 3),
    (("questions", "double", "hint"), ["x"]),
    (("questions", "double", "extra"), 1),
    (("extra",), 1),
]


@pytest.mark.parametrize(("place", "value"), WRONG_FIELDS)
def test_a_wrong_field_is_refused_in_a_sentence(place, value):
    raw = {"": copy.deepcopy(RESULT.as_json())}
    parent = raw
    keys = ["", *place]
    for key in keys[:-1]:
        parent = parent[key]
    parent[keys[-1]] = value
    with pytest.raises(ValueError, match=r"^a result cannot be used: .* expected .*; grade that"):
        NotebookResult.from_json(raw[""])


@pytest.mark.parametrize("name", [*RESULT.as_json()])
def test_a_missing_field_is_refused(name):
    raw = RESULT.as_json()
    del raw[name]
    with pytest.raises(ValueError, match="a notebook is"):
        NotebookResult.from_json(raw)


def test_texts_are_cleaned_where_they_are_read():
    raw = RESULT.as_json() | {"student": "a\x00b"}
    raw["questions"]["double"]["said"] = "\x1b[31mred\ud800" + "x" * 2 * MAX_TEXT
    result = NotebookResult.from_json(raw)
    said = result.questions["double"].said
    assert result.student == "a b"
    assert said.startswith(" red x")
    assert len(said) == MAX_TEXT
    assert said.endswith("…")


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("a\tb\nc", "a\tb\nc"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("\x00\x07\x7f\x9b", "    "),
        ("\x1b[1;31mred\x1b[0m", " red "),
        ("\u202eabc\u2066", " abc "),
        ("half \udcff", "half  "),
        ("φ 名 😀", "φ 名 😀"),
    ],
)
def test_clean_text_leaves_what_can_be_shown(text, clean):
    assert clean_text(text) == clean
    assert clean_text(clean) == clean


def test_clean_text_cuts():
    assert clean_text("abcdef", 4) == "abc…"
    assert clean_text("abcd", 4) == "abcd"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", " =1", "\t=1", "\x00=1", "＝1", "\n=1"])
def test_no_cell_is_a_formula(text):
    assert text_cell(text).startswith("'")


def test_a_harmless_cell_stays_as_it_is():
    assert text_cell("a = 1") == "a = 1"


def test_the_csv_holds_one_line_a_notebook(tmp_path):
    odd = NotebookResult("half\udcff", "toy", "toy", ["=1+1"], {"derive": WAITS})
    write_csv([RESULT, odd], tmp_path / "t.csv")
    with (tmp_path / "t.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["student"] for row in rows] == ["ada", "half "]
    assert (rows[0]["double"], rows[0]["derive"], rows[1]["double"]) == ("0.0", "", "")
    assert rows[1]["reasons"] == "'=1+1"


def test_the_json_file_can_hold_any_folder_name(tmp_path):
    write_json([NotebookResult("half\udcff", "toy", "toy", ["Why."], {})], tmp_path / "t.json")
    assert json.loads((tmp_path / "t.json").read_text("utf-8"))[0]["student"] == "half "


def test_a_file_is_written_as_a_whole_or_not_at_all(tmp_path):
    path = tmp_path / "t.txt"
    write_atomically(path, "old")
    with pytest.raises(UnicodeEncodeError):
        write_atomically(path, "new \udcff")
    assert path.read_text() == "old"
    write_atomically(path, "new")
    assert [each.name for each in tmp_path.iterdir()] == ["t.txt"]
    assert path.read_text() == "new"


def test_a_pipe_is_written_to_and_not_replaced(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    came = []
    reader = threading.Thread(target=lambda: came.append(pipe.read_text()))
    reader.start()
    write_atomically(pipe, "text")
    reader.join()
    assert came == ["text"]
    assert pipe.is_fifo()


def test_the_table_and_the_reasons_show_any_name():
    odd = NotebookResult("[red]\x1b[2J\udcff", "toy", "toy", ["Why."], {"double": LOST})
    console = Console(width=100, record=True, file=open(os.devnull, "w"))  # noqa: SIM115
    console.print(summary([RESULT, odd]))
    console.file.close()
    text = console.export_text()
    assert "[red]" in text
    assert "\x1b" not in text
    assert "needs a look" in text
    assert reasons([RESULT, odd]) == ["[red]  , toy: Why."]
