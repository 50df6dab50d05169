"""What the sandbox holds: what the set-up cells import, what that needs, and nothing else."""

import pytest

from autograder.course import CourseError
from autograder.library import ROOT, needed
from tests.autograder import toy

ALWAYS = needed([])
SECRET = ("autograder.rebuild", "autograder.questions", "autograder.prepared", "autograder.regions")


def test_without_imports_it_holds_what_the_worker_itself_needs():
    assert set(ALWAYS.packages) == {"numpy"}
    assert "autograder.inside.worker" in ALWAYS.modules
    assert "autograder.wire" in ALWAYS.modules
    assert not set(SECRET) & set(ALWAYS.modules)
    assert not [name for name in ALWAYS.modules if name.startswith(("rnncore.plots", "tests"))]


def test_the_set_up_of_the_toy_adds_nothing():
    assert needed([toy.SETUP]).modules == ALWAYS.modules


@pytest.mark.parametrize(
    ("source", "module"),
    [
        ("import rnncore.numpy.lstm", "rnncore.numpy.lstm"),
        ("from rnncore.numpy import lstm", "rnncore.numpy.lstm"),
        ("from rnncore.numpy.gru import gru_forward", "rnncore.numpy.gru"),
        ("if True:\n    import rnncore.numpy.rnn", "rnncore.numpy.rnn"),
    ],
)
def test_an_imported_module_comes_with_its_parents(source, module):
    added = set(needed([source]).modules) - set(ALWAYS.modules)
    assert module in added
    assert {"rnncore", "rnncore.numpy"} <= set(needed([source]).modules)


def test_a_lazy_name_leads_to_its_file_alone():
    added = set(needed(["from rnncore.numpy import LSTMParams"]).modules) - set(ALWAYS.modules)
    assert added == set()
    added = set(needed(["from rnncore.numpy import lstm_forward"]).modules) - set(ALWAYS.modules)
    assert "rnncore.numpy.lstm" in added
    assert "rnncore.numpy.gru" not in added


def test_torch_comes_with_what_it_requires_only_where_it_is_asked_for():
    assert "torch" not in ALWAYS.packages
    packages = needed(["import torch"]).packages
    assert {"torch", "numpy", "sympy"} <= set(packages)
    assert "pytest" not in packages


def test_packages_are_folders_and_files_that_are_there():
    places = list(ALWAYS.places())
    assert "numpy" in {place.name for place in places}
    assert all(place.exists() for place in places)
    assert not [place for place in places if place.suffix in (".pth", ".dist-info")]


def test_modules_are_copied_and_nothing_beside_them(tmp_path):
    library = needed([toy.SETUP])
    library.copy_modules(tmp_path)
    copied = {path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file()}
    assert len(copied) == len(library.modules)
    assert {path.suffix for path in copied} == {".py"}
    for path in copied:
        assert (tmp_path / path).read_bytes() == (ROOT / path).read_bytes()


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("import no_such_package", "no_such_package, which is not installed"),
        ("import rnncore.no_such_module", "rnncore.no_such_module, which is no module"),
    ],
)
def test_what_is_not_there_is_named(source, words):
    with pytest.raises(CourseError, match=words):
        needed([source])


def test_equal_needs_are_equal():
    assert needed(["import numpy, json"]) == needed(["import json\nimport numpy"])
    assert hash(needed(["import numpy"])) == hash(needed(["import numpy"]))
