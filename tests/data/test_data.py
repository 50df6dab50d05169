"""The data sets are whole, split without leaks, and licensed."""

import subprocess
import sys
import zlib

import numpy as np
import pytest

import rnncore.data
from rnncore.data import DATASETS, load_names, load_shakespeare
from rnncore.data.source import FILES


def test_shakespeare_is_whole_and_split_by_position():
    text = load_shakespeare()
    whole = text.train + text.validation + text.test
    assert whole == DATASETS["shakespeare"].read_text()
    assert len(whole) == 1_115_394
    assert (len(text.train), len(text.validation), len(text.test)) == (1_003_854, 55_770, 55_770)
    assert text.alphabet == "".join(sorted(set(whole)))
    assert len(text.alphabet) == 65
    assert text.train.startswith("First Citizen:\n")


def test_encoding_and_decoding_undo_each_other():
    text = load_shakespeare()
    ids = text.encode(text.test)
    assert ids.min() >= 0
    assert ids.max() < 65
    assert text.decode(ids) == text.test
    assert text.decode(text.encode("")) == ""


def test_unknown_characters_and_numbers_are_refused():
    text = load_shakespeare()
    with pytest.raises(ValueError, match=r"alphabet's characters only, got \['é', 'λ'\]"):
        text.encode("λ for Hé")
    with pytest.raises(ValueError, match="between 0 and 64, got 0 to 65"):
        text.decode(np.array([0, 65]))
    with pytest.raises(ValueError, match="got -1 to 3"):
        text.decode(np.array([3, -1]))


def test_names_are_whole_and_a_name_falls_in_one_part_only():
    names = load_names()
    assert len(names.names) == len(names.languages) == len(names.split) == 18_012
    parts = {part: names.part(part) for part in ("train", "validation", "test")}
    assert [len(rows[0]) for rows in parts.values()] == [14_358, 1_870, 1_784]
    sets = [{name.lower() for name in rows[0]} for rows in parts.values()]
    assert not sets[0] & sets[1]
    assert not (sets[0] | sets[1]) & sets[2]
    assert {zlib.crc32(name.encode()) % 10 for name in sets[2]} == {0}
    assert len(set(names.languages)) == 18
    assert names.languages[names.names.index("Nakamura")] == "Japanese"
    with pytest.raises(ValueError, match="\"test\", got 'val'"):
        names.part("val")


SHIPPED = [key for key, dataset in DATASETS.items() if dataset.file]


@pytest.mark.parametrize("key", SHIPPED)
def test_each_data_set_ships_with_its_licence_and_credit_line(key):
    dataset = DATASETS[key]
    licences = (FILES / "LICENCES.md").read_text("utf-8")
    assert f"| `{dataset.file}` | {dataset.licence} | {dataset.credit} |" in licences
    assert dataset.notice is None or f"`{dataset.file}`\n\n{dataset.notice}" in licences


def test_every_data_file_has_an_entry():
    shipped = {file.name for file in FILES.iterdir()} - {"LICENCES.md", "datasets.toml"}
    assert shipped == {DATASETS[key].file for key in SHIPPED}


def test_a_data_set_of_another_library_says_how_to_get_it():
    assert set(DATASETS) - set(SHIPPED) == {"digits"}
    with pytest.raises(ValueError, match=r"digits come with another library: call load_digits\(\)"):
        DATASETS["digits"].read_text()


@pytest.mark.parametrize("key", DATASETS)
def test_every_data_set_has_its_facts_and_its_loader(key):
    dataset = DATASETS[key]
    assert dataset.loader == f"load_{key}"
    assert callable(getattr(rnncore.data, dataset.loader))
    assert dataset.flaws
    for table in dataset.baselines:
        assert table.rows
        assert {len(row) for row in table.rows} == {len(table.head)}
    assert "http" in dataset.source


def test_importing_the_loaders_imports_no_heavy_library():
    code = (
        "import sys, rnncore.data; "
        "print([name for name in ('sklearn', 'torch', 'matplotlib') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
