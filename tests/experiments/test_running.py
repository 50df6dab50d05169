"""Experiments are run cell by cell, resumed where they stopped, and listed."""

import json
from typing import Any

import pytest

from experiments import running
from experiments.__main__ import main


class Squares:
    """An experiment whose cells are counted, and which may be interrupted."""

    def __init__(self, power: int = 2, stop_at: int | None = None) -> None:
        self.SETTINGS = {"power": power}
        self.stop_at = stop_at
        self.made: list[int] = []

    def grid(self) -> list[dict[str, Any]]:
        return [{"number": number} for number in range(4)]

    def run_cell(self, number: int) -> dict[str, Any]:
        if number == self.stop_at:
            raise KeyboardInterrupt
        self.made.append(number)
        return {"result": number ** self.SETTINGS["power"]}


def test_a_run_writes_every_row_and_what_made_them(tmp_path):
    path = running.run("squares", Squares(), tmp_path)
    results = json.loads(path.read_text())
    assert [row["result"] for row in results["rows"]] == [0, 1, 4, 9]
    assert results["settings"] == {"power": 2}
    assert results["command"] == "python -m experiments squares"
    assert set(results["facts"]) == {"machine", "python", "torch", "numpy"}
    assert results["seconds"] >= 0
    assert list(tmp_path.iterdir()) == [path]


def test_an_interrupted_run_goes_on_where_it_stopped(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        running.run("squares", Squares(stop_at=2), tmp_path)
    again = Squares()
    path = running.run("squares", again, tmp_path)
    assert again.made == [2, 3]
    assert [row["number"] for row in json.loads(path.read_text())["rows"]] == [0, 1, 2, 3]


def test_rows_of_other_settings_are_thrown_away(tmp_path):
    running.run("squares", Squares(), tmp_path)
    cubes = Squares(power=3)
    path = running.run("squares", cubes, tmp_path)
    assert cubes.made == [0, 1, 2, 3]
    assert [row["result"] for row in json.loads(path.read_text())["rows"]] == [0, 1, 8, 27]


def test_rows_of_another_machine_are_thrown_away(tmp_path, monkeypatch):
    running.run("squares", Squares(), tmp_path)
    monkeypatch.setattr(running, "machine", lambda: {"machine": "another"})
    again = Squares()
    running.run("squares", again, tmp_path)
    assert again.made == [0, 1, 2, 3]


def test_without_a_name_the_experiments_are_listed(capsys):
    assert main([]) == 0
    assert "adding_problem: Which cells solve" in capsys.readouterr().out


def test_an_unknown_name_is_refused_with_those_that_there_are(capsys):
    assert main(["adding"]) == 2
    assert "adding_problem" in capsys.readouterr().err
