"""What is known of each data set: where it comes from, its licence, its flaws, its baselines."""

import gzip
import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

FILES = files("rnncore.data") / "files"


@dataclass(frozen=True)
class Column:
    """One of the things that a data set holds of each entry.

    Parameters
    ----------
    name, meaning : str
    """

    name: str
    meaning: str


@dataclass(frozen=True)
class Baselines:
    """A table of what simple methods reach.

    Parameters
    ----------
    head : list of str
        The first says what the methods do, each other what is measured.
    rows : list of list of str
        A method, and its figures.
    """

    head: list[str]
    rows: list[list[str]]


@dataclass(frozen=True)
class Dataset:
    """One data set of the course. Texts are Markdown.

    Parameters
    ----------
    title, content : str
        What it is called, and how much it holds.
    loader : str
        The function of ``rnncore.data`` that loads it.
    about, source : str
        What it is, and where it comes from.
    licence : str
        An SPDX name, or "public domain".
    licence_facts : str
        Who says so.
    credit : str
        The line to print wherever the data are used.
    split : str
        How train, validation and test are told apart.
    flaws : list of str
        What to keep in mind when you use it.
    baselines : tuple of Baselines
        What simple methods reach, in tables.
    columns : tuple of Column
        What the loaded object holds of each entry.
    file : str or None
        Its name in ``rnncore/data/files``; None if another library carries it.
    notice : str or None
        The text that must travel with the file.
    """

    title: str
    content: str
    loader: str
    about: str
    source: str
    licence: str
    licence_facts: str
    credit: str
    split: str
    flaws: list[str]
    baselines: tuple[Baselines, ...]
    columns: tuple[Column, ...] = ()
    file: str | None = None
    notice: str | None = None

    def read_bytes(self) -> bytes:
        """Return the file as it is.

        Raises
        ------
        ValueError
            If the course has no file of it.
        """
        if self.file is None:
            raise ValueError(f"{self.title} come with another library: call {self.loader}()")
        return (FILES / self.file).read_bytes()

    def read_text(self) -> str:
        """Return the unpacked file as text.

        Raises
        ------
        ValueError
            If the course has no file of it.
        """
        return gzip.decompress(self.read_bytes()).decode("utf-8")


@dataclass(frozen=True)
class Generated:
    """Data that are drawn anew. Texts are Markdown.

    Parameters
    ----------
    title : str
    function : str
        The function of ``rnncore.data`` that draws them.
    about : str
    baselines : tuple of Baselines
    """

    title: str
    function: str
    about: str
    baselines: tuple[Baselines, ...]


def _with_tables(facts: dict[str, Any]) -> dict[str, Any]:
    kinds = {"baselines": Baselines, "columns": Column}
    return {
        name: tuple(kinds[name](**each) for each in value) if name in kinds else value
        for name, value in facts.items()
    }


_METADATA = tomllib.loads((FILES / "datasets.toml").read_text("utf-8"))
DATASETS = {key: Dataset(**_with_tables(facts)) for key, facts in _METADATA["datasets"].items()}
GENERATED = {key: Generated(**_with_tables(facts)) for key, facts in _METADATA["generated"].items()}
