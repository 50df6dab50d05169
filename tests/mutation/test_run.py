"""The comparison of what survives with what is listed: each way in which it must fail."""

import tomllib
from collections import Counter

import pytest

from tests.mutation import run

LISTED = """
[[equivalent]]
why = "The default."
mutants = ["rnn.f: a = 1", "rnn.f: a = 1", "lstm.f: b = 2"]

[[equivalent]]
why = " "
mutants = ["gru.f: c = 3"]
"""


@pytest.fixture
def outcome(tmp_path, monkeypatch, capsys):
    (tmp_path / "survivors.toml").write_text(LISTED)
    monkeypatch.setattr(run, "SURVIVORS", tmp_path / "survivors.toml")

    def main(file, total, *survivors):
        monkeypatch.setattr(run, "run", lambda file, cores: (total, Counter(survivors), 1.0))
        return run.main([file]), capsys.readouterr().out

    return main


def test_survivors_that_are_all_listed_pass(outcome):
    assert outcome("rnn", 9, "rnn.f: a = 1", "rnn.f: a = 1")[0] == 0
    assert outcome("lstm", 9, "lstm.f: b = 2")[0] == 0


@pytest.mark.parametrize(
    ("file", "survivors", "message"),
    [
        ("deep", ["deep.f: a = 1"], "survives: deep.f: a = 1"),
        ("rnn", ["rnn.f: a = 1"] * 3, "survives: rnn.f: a = 1"),
        ("rnn", ["rnn.f: a = 1"], "is listed but does not survive: rnn.f: a = 1"),
        ("lstm", [], "is listed but does not survive: lstm.f: b = 2"),
        ("gru", ["gru.f: c = 3"], "survives: gru.f: c = 3"),
    ],
    ids=["not listed", "one more than listed", "one fewer", "killed by now", "without a reason"],
)
def test_anything_else_fails_and_is_named(outcome, file, survivors, message):
    status, printed = outcome(file, 9, *survivors)
    assert status == 1
    assert message in printed


def test_no_mutant_at_all_is_a_failure(outcome):
    assert outcome("deep", 0)[0] == 1


def test_every_listed_mutant_belongs_to_a_file_that_is_run_and_has_a_reason():
    for group in tomllib.loads(run.SURVIVORS.read_text())["equivalent"]:
        assert group["why"].strip()
        assert {mutant.split(".")[0] for mutant in group["mutants"]} <= set(run.TESTS)


def test_an_unknown_file_is_refused(capsys):
    with pytest.raises(SystemExit):
        run.main(["no_such_file"])
    assert "no tests are named for no_such_file" in capsys.readouterr().err


def test_every_named_file_and_its_tests_exist():
    for name, tests in run.TESTS.items():
        assert (run.ROOT / "rnncore" / "numpy" / f"{name}.py").is_file()
        for test in tests:
            assert (run.ROOT / "tests" / "numpy" / f"test_{test}.py").is_file()
