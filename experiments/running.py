"""Run an experiment cell by cell, writing after each, so that an interrupted run goes on."""

import json
import os
import platform
import time
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from tqdm import tqdm

RESULTS = Path(__file__).parents[1] / "chapters" / "results"

Cell = dict[str, Any]
Row = dict[str, Any]


class Experiment(Protocol):
    """What a module of this folder must hold to be run by its name."""

    SETTINGS: dict[str, Any]
    """What all cells share; rows that were made with other settings are thrown away."""

    def grid(self) -> list[Cell]:
        """Return the arguments of each cell, in the order in which they are run."""

    def run_cell(self, **cell: Any) -> Row:
        """Make one cell; the same arguments give the same row."""


def machine() -> dict[str, str]:
    """Return what the numbers were made on: processor and versions."""
    name = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        lines = cpuinfo.read_text().splitlines()
        name = next((line.split(":")[1].strip() for line in lines if "model name" in line), name)
    return {
        "machine": name,
        "python": platform.python_version(),
        "torch": torch.__version__,
        "numpy": np.__version__,
    }


def run(name: str, experiment: Experiment, folder: Path = RESULTS) -> Path:
    """Run the cells of an experiment that its results file does not hold yet.

    Parameters
    ----------
    name : str
        Of the experiment and of its file.
    experiment : Experiment
    folder : Path
        Where the results lie.

    Returns
    -------
    Path
        The results file: facts, settings and rows, each row its cell's arguments and what came.
    """
    torch.set_num_threads(1)
    path = folder / f"{name}.json"
    results = _resume(path, experiment.SETTINGS)
    results["command"] = f"python -m experiments {name}"
    grid = experiment.grid()
    done = {tuple(row[name] for name in grid[0]) for row in results["rows"]}
    for cell in tqdm([cell for cell in grid if tuple(cell.values()) not in done], desc=name):
        start = time.perf_counter()
        row = cell | experiment.run_cell(**cell)
        results["rows"].append(row)
        results["seconds"] = round(results["seconds"] + time.perf_counter() - start, 1)
        write(path, results)
    return path


def write(path: Path, results: dict[str, Any]) -> None:
    """Write a results file beside its place, then move it there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    head = {key: value for key, value in results.items() if key != "rows"}
    rows = ",\n  ".join(json.dumps(row) for row in results["rows"])
    text = f'{json.dumps(head, indent=1)[:-2]},\n "rows": [\n  {rows}\n ]\n}}\n'
    beside = path.with_suffix(".part")
    beside.write_text(text, encoding="utf-8")
    os.replace(beside, path)


def _resume(path: Path, settings: dict[str, Any]) -> dict[str, Any]:
    """Return what was done with the same settings on the same versions, or an empty start."""
    empty = {"facts": machine(), "settings": settings, "command": "", "seconds": 0.0, "rows": []}
    if not path.is_file():
        return empty
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    same = found["settings"] == settings and found["facts"] == empty["facts"]
    return found if same else empty
