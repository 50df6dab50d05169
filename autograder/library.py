"""What the sandbox holds: the packages and modules that a master's set-up cells import, no more."""

from __future__ import annotations

import ast
import importlib.metadata
import shutil
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from packaging.requirements import Requirement

from autograder.course import CourseError

ROOT = Path(__file__).parents[1]
_ALWAYS = ("autograder.inside.zygote", "rnncore.checking", "rnncore.numpy.parameters", "numpy")


@dataclass(frozen=True)
class Library:
    """What a worker may import.

    Attributes
    ----------
    modules : tuple of str
        Modules of the course, each with what it imports; they are copied.
    packages : tuple of str
        Installed distributions, with those that they require.
    imports : tuple of str
        What the first process imports before it forks.
    """

    modules: tuple[str, ...]
    packages: tuple[str, ...]
    imports: tuple[str, ...]

    def copy_modules(self, folder: Path) -> None:
        """Copy the course's modules to a folder, and the data files of ``rnncore.data``."""
        for module in self.modules:
            source = _file_of(module)
            target = folder / source.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
        if "rnncore.data" in self.modules:
            shutil.copytree(ROOT / "rnncore/data/files", folder / "rnncore/data/files")

    def places(self) -> Iterator[Path]:
        """Yield the files and folders of the packages, as they lie in site-packages."""
        for package in self.packages:
            yield from _places(package)


def needed(sources: Iterable[str]) -> Library:
    """Find what set-up cells import.

    Raises
    ------
    CourseError
        If a package is not installed or belongs to no distribution.
    """
    asked = [name for source in sources for name in _imports(source)]
    modules: dict[str, None] = {}
    packages: dict[str, None] = {}
    waiting = [*_ALWAYS, *asked]
    while waiting:
        name = waiting.pop()
        top = name.partition(".")[0]
        if top in ("rnncore", "autograder"):
            for module in _with_parents(name):
                if module not in modules:
                    modules[module] = None
                    waiting += _module_imports(_file_of(module).read_text("utf-8"))
        elif top not in sys.stdlib_module_names:
            packages.update(dict.fromkeys(_closure(_distribution(top))))
    imports = [name for name in (*_ALWAYS, *asked) if _is_module(name)]
    return Library(tuple(sorted(modules)), tuple(sorted(packages)), tuple(dict.fromkeys(imports)))


def _module_imports(source: str) -> Iterator[str]:
    """Yield what a module of the course imports: a package inside a function is optional."""
    tree = ast.parse(source)
    optional = {
        inner
        for function in ast.walk(tree)
        if isinstance(function, (ast.FunctionDef, ast.Lambda))
        for inner in ast.walk(function)
    }
    yield from _imports_of(node for node in ast.walk(tree) if node not in optional)
    yield from (
        name for name in _imports_of(optional) if name.startswith(("rnncore", "autograder"))
    )


def _imports(source: str) -> Iterator[str]:
    """Yield the modules that a source imports; a package's lazy names lead to their files."""
    return _imports_of(ast.walk(ast.parse(source)))


def _imports_of(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module
            for alias in node.names:
                yield from _home(node.module, alias.name)


def _home(module: str, name: str) -> Iterator[str]:
    """Yield the module that a name of a package of the course comes from."""
    if not module.startswith(("rnncore", "autograder")):
        return
    if _is_module(f"{module}.{name}"):
        yield f"{module}.{name}"
    for home, names in _lazy_homes(module).items():
        if name in names.split():
            yield f"{module}.{home}"


@cache
def _lazy_homes(module: str) -> dict[str, str]:
    for node in ast.parse(_file_of(module).read_text("utf-8")).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "_HOMES":
            homes = ast.literal_eval(node.value)
            return {str(home): str(names) for home, names in homes.items()}
    return {}


def _with_parents(module: str) -> list[str]:
    parts = module.split(".")
    return [".".join(parts[:end]) for end in range(1, len(parts) + 1)]


def _is_module(name: str) -> bool:
    if not name.startswith(("rnncore", "autograder")):
        return "." not in name or name.partition(".")[0] not in sys.stdlib_module_names
    path = ROOT.joinpath(*name.split("."))
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()


def _file_of(module: str) -> Path:
    path = ROOT.joinpath(*module.split("."))
    if (path / "__init__.py").is_file():
        return path / "__init__.py"
    if path.with_suffix(".py").is_file():
        return path.with_suffix(".py")
    raise CourseError(f"a set-up cell imports {module}, which is no module of the course")


@cache
def _distribution(top: str) -> str:
    found = importlib.metadata.packages_distributions().get(top)
    if not found:
        raise CourseError(f"a set-up cell imports {top}, which is not installed")
    return found[0]


@cache
def _closure(distribution: str) -> tuple[str, ...]:
    """Return a distribution and all that it requires on this machine, extras left out."""
    found: dict[str, None] = {}
    waiting = [distribution]
    while waiting:
        name = waiting.pop().lower().replace("_", "-")
        if name in found:
            continue
        found[name] = None
        for line in importlib.metadata.requires(name) or []:
            requirement = Requirement(line)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                waiting.append(requirement.name)
    return tuple(found)


@cache
def _places(distribution: str) -> tuple[Path, ...]:
    tops: dict[Path, None] = {}
    for file in importlib.metadata.files(distribution) or []:
        top = file.parts[0]
        if top not in ("..", "__pycache__") and not top.endswith((".dist-info", ".pth")):
            tops[Path(str(file.locate())).parents[len(file.parts) - 1] / top] = None
    return tuple(tops)
