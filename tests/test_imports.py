"""Imports run one way, and importing the NumPy side stays light."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MAY_IMPORT = {  # beside the standard library
    "rnncore/lazy.py": set(),
    "rnncore/numpy": {"numpy", "rnncore.numpy", "rnncore.lazy"},
    "rnncore/torch": {"torch", "rnncore.torch"},
    "rnncore/checking": {"numpy", "rnncore.checking"},
    "rnncore/data": {"numpy", "sklearn", "rnncore.data"},
    "rnncore/plots": {"numpy", "matplotlib", "matplotlib_inline", "rnncore.lazy", "rnncore.plots"},
    "rnncore/training.py": {
        *["numpy", "rnncore.numpy", "rnncore.training_loop", "rnncore.training_torch"]
    },
    "rnncore/training_loop.py": {"numpy", "tqdm", "matplotlib", "rnncore.plots"},
    "rnncore/training_torch.py": {"torch", "rnncore.training_loop"},
    "autograder": {
        *["nbgrader", "nbformat", "nbconvert", "traitlets", "sqlalchemy", "IPython"],
        *["dask", "distributed", "jinja2", "markupsafe", "matplotlib", "packaging"],
        *["typer", "rich"],
        # Of rnncore.numpy it takes the classes of parameters, which are plain data.
        *["autograder", "rnncore.checking", "rnncore.numpy", "rnncore.plots", "numpy"],
    },
}


def imported(source):
    """The modules that a source imports, at any depth."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


def forbidden(source, allowed):
    """Those of them that are neither in the standard library nor allowed."""
    allowed = {*allowed, *sys.stdlib_module_names}
    return [
        module
        for module in imported(source)
        if not any(module == name or module.startswith(f"{name}.") for name in allowed)
    ]


def sources():
    for place, allowed in MAY_IMPORT.items():
        path = ROOT / place
        for file in [path] if path.suffix else sorted(path.rglob("*.py")):
            yield pytest.param(file, allowed, id=str(file.relative_to(ROOT)))


@pytest.mark.parametrize(("file", "allowed"), list(sources()))
def test_a_module_imports_only_what_its_layer_may(file, allowed):
    assert forbidden(file.read_text("utf-8"), allowed) == []


def test_every_module_of_the_packages_has_a_layer():
    covered = [ROOT / place for place in MAY_IMPORT]
    for file in [*ROOT.glob("rnncore/**/*.py"), *ROOT.glob("autograder/**/*.py")]:
        if file != ROOT / "rnncore" / "__init__.py":
            assert any(place in (file, *file.parents) for place in covered), file


@pytest.mark.parametrize(
    "source", ["import torch", "from rnncore.torch import RNN", "def f():\n    import scipy.linalg"]
)
def test_the_check_sees_a_forbidden_import(source):
    assert forbidden(source, MAY_IMPORT["rnncore/numpy"])


def test_the_numpy_side_imports_no_torch_and_no_matplotlib():
    code = (
        "import sys, rnncore.numpy, rnncore.checking, rnncore.data, rnncore.training; "
        "rnncore.numpy.rnn_forward; "
        "print([name for name in ('torch', 'matplotlib') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("package", ["rnncore.numpy", "rnncore.plots"])
def test_every_promised_name_exists_and_an_unknown_one_is_an_attribute_error(package):
    module = __import__(package, fromlist=["x"])
    assert module.__all__
    for name in module.__all__:
        assert getattr(module, name) is not None
        assert name in dir(module)
    with pytest.raises(AttributeError, match="has no attribute 'nonsense'"):
        module.nonsense  # noqa: B018
