"""The page of the data sets and the list of licences are those that the metadata make."""

import dataclasses
import re
import subprocess
import sys
from pathlib import Path

import pytest

from rnncore.data.__main__ import WRITTEN, write
from rnncore.data.page import page
from rnncore.data.source import DATASETS, GENERATED

REPOSITORY = Path(__file__).parents[2]


def complaints(course: Path) -> list[str]:
    """Say which file differs from what the metadata make."""
    return [
        f"{name} and rnncore/data/files/datasets.toml differ: run python -m rnncore.data"
        for name, text in WRITTEN.items()
        if (course / name).read_text("utf-8") != text()
    ]


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Return a copy of the two files in a course's folder."""
    for name in WRITTEN:
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_bytes((REPOSITORY / name).read_bytes())
    return tmp_path


def test_the_page_and_the_licences_are_up_to_date():
    assert complaints(REPOSITORY) == []


@pytest.mark.parametrize("name", WRITTEN)
def test_a_change_by_hand_is_found_and_undone(course, name):
    (course / name).write_text((course / name).read_text("utf-8").replace("MIT", "mit"), "utf-8")
    assert complaints(course) == [
        f"{name} and rnncore/data/files/datasets.toml differ: run python -m rnncore.data"
    ]
    write(course)
    assert complaints(course) == []
    assert [path.name for path in (course / name).parent.iterdir() if path.is_file()] == [name.name]


def test_the_command_writes_into_the_course_alone(course, tmp_path_factory):
    (course / "chapters/datasets.md").unlink()
    done = run_in(course)
    assert (done.returncode, done.stderr) == (0, "")
    assert complaints(course) == []
    done = run_in(tmp_path_factory.mktemp("elsewhere"))
    assert done.returncode == 1
    assert done.stderr == "chapters is no folder: run this in the course's own folder\n"


def run_in(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-P", "-m", "rnncore.data"]  # not the folder's own rnncore
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_everything_known_of_a_data_set_is_on_the_page():
    text = page()
    for known in [*DATASETS.values(), *GENERATED.values()]:
        for fact in facts(dataclasses.asdict(known)):
            assert fact.strip() in text


def facts(known: object) -> list[str]:
    """Return the texts in a data set's facts, but for the names of files that stand elsewhere."""
    if isinstance(known, dict):
        return [fact for value in known.values() for fact in facts(value)]
    if isinstance(known, (list, tuple)):
        return [fact for value in known for fact in facts(value)]
    return [known] if isinstance(known, str) and not known.endswith((".gz", ".npz")) else []


def test_labels_are_the_keys_and_each_is_there_once():
    labels = re.findall(r"^\((.+)\)=\n#", page(), flags=re.M)
    assert labels == [
        *[f"data-{key}".replace("_", "-") for key in DATASETS],
        "generated-data",
        *[f"data-{key}".replace("_", "-") for key in GENERATED],
    ]
    for target in re.findall(r"\(#(.+?)\)", page()):
        assert target in labels


def test_tables_are_narrow_enough_for_a_phone():
    widths = {line.count("|") - 1 for line in page().splitlines() if line.startswith("|")}
    assert widths <= {2, 3, 4}
