"""A failing visible check names a known mistake, from a file that a notebook has beside it."""

import json

import numpy as np
import pytest

from rnncore.checking import CheckFailed, check, recording
from rnncore.checking.hints import MAX_HINTS_BYTES, fingerprint, fits, tolerance
from rnncore.numpy import RNNParams
from tests.checking.remote import Answers

A = np.arange(6.0).reshape(2, 3) + 0.1
PARAMS = RNNParams.init(np.random.default_rng(0), 3, 2)
ANSWERS = {
    "array": A,
    "float32": A.astype(np.float32),
    "whole numbers": np.arange(6),
    "truths": np.array([True, False]),
    "complex": A + 1j,
    "NaN": np.where(A > 2, np.nan, A),
    "infinity": np.where(A > 2, np.inf, A),
    "number": 2.5,
    "whole number": 7,
    "huge": 10**40,
    "not a number": float("nan"),
    "text": "relu",
    "none": None,
    "truth": True,
    "tuple": (A, 1),
    "list": [A, 1],
    "longer": (A, 1, 2),
    "dict": {"b": A, "a": 1},
    "parameters": PARAMS,
    "no parts": (),
}


def entry(value, check="question", hint="The sign is off."):
    leaves = fingerprint(value)
    listed = [list(leaf) for leaf in leaves]
    return {"check": check, "hint": hint, "leaves": listed, "rtol": tolerance(leaves)}


def write(folder, *entries):
    (folder / "hints.json").write_text(json.dumps({"notebook": entries}))


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def said(got, want, question="question", **settings):
    with pytest.raises(CheckFailed) as caught:
        check(question, got, want, **settings)
    return str(caught.value)


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_fits_its_own_fingerprint_and_no_other(name):
    stored = json.loads(json.dumps(entry(ANSWERS[name])))
    fitting = [other for other, value in ANSWERS.items() if fits(fingerprint(value), stored)]
    assert fitting == [name]


@pytest.mark.parametrize(
    ("got", "known", "same"),
    [
        (A * (1 + 1e-12), A, True),
        (A + np.eye(2, 3) * 1e-5, A, False),
        (A.T, A, False),
        (A.ravel(), A, False),
        ((A * (1 + 1e-5)).astype(np.float32), A.astype(np.float32), True),
        (-0.0, 0, True),
        (7.0, 7, True),
        (np.int64(7), 7, True),
        (np.array(2.5), 2.5, True),
        (True, 1, False),
        (0.1 + 0.2, 0.3, True),
        (0.31, 0.3, False),
        (10**40 + 1, 10**40, False),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, True),
        ({"a": 1, "b": 2}, {"b": 1, "a": 2}, False),
        ([1, 2], (1, 2), False),
        (np.array([np.nan, 1.0]), np.array([1.0, np.nan]), False),
        (np.array([np.inf, 1.0]), np.array([-np.inf, 1.0]), False),
        (PARAMS.replace(nonlinearity="relu"), PARAMS, False),
    ],
)
def test_what_counts_as_the_same_answer(got, known, same):
    assert fits(fingerprint(got), json.loads(json.dumps(entry(known)))) is same


def test_what_is_not_plain_has_no_fingerprint():
    from rnncore.checking.plain import plain

    assert fingerprint(plain((A, len))) is None


def test_a_known_mistake_is_named_in_the_message(here):
    write(here, entry(A + 1, hint="One too many."), entry(-A))
    message = said(-A, A)
    assert message.endswith("\n  hint:      The sign is off.")
    assert message.count("hint:") == 1
    assert "hint:" not in said(2 * A, A)
    assert "hint:" not in said(-A, A, question="another")
    check("question", A, A)


def test_a_part_alone_may_be_known(here):
    known = entry({"a": 1, "b": 2})
    known["leaves"] = [leaf for leaf in known["leaves"] if leaf[0] == "['b']"]
    write(here, known)
    assert "hint:" in said({"a": 5, "b": 2}, {"a": 1, "b": 3})
    assert "hint:" not in said({"a": 5, "b": 4}, {"a": 1, "b": 3})


def test_hidden_checks_recordings_and_handles_get_no_hint(here):
    write(here, entry(-A))
    assert "hint:" in said(-A, A)
    assert "hint:" not in said(-A, A, hidden=True)
    assert "hint:" not in said(Answers(a=-A).handle("a"), A)
    with recording():
        assert "hint:" not in said(-A, A)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "[" * 100_000,
        '{"notebook": 3}',
        '{"notebook": [{"check": "question"}]}',
        '{"notebook": [{"check": "question", "hint": "x", "leaves": [], "rtol": 1}]}',
        '{"notebook": [{"check": "question", "hint": "x", "leaves": [[1]], "rtol": 1}]}',
        '{"notebook": [{"check": "question", "hint": "x", "leaves": 3, "rtol": 1}]}',
        "\x00\xff",
    ],
)
def test_a_damaged_file_is_ignored(here, text):
    (here / "hints.json").write_text(text)
    assert "hint:" not in said(-A, A)


def test_a_file_that_is_too_large_is_ignored(here):
    write(here, entry(-A))
    text = (here / "hints.json").read_text()
    (here / "hints.json").write_text(text + " " * (MAX_HINTS_BYTES - len(text)))
    assert "hint:" in said(-A, A)
    (here / "hints.json").write_text(text + " " * (MAX_HINTS_BYTES + 1 - len(text)))
    assert "hint:" not in said(-A, A)
