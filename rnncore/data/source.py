"""What is known of each data set: where it comes from, its licence and the line to print."""

import gzip
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True)
class Dataset:
    """One data set that ships with the course.

    Parameters
    ----------
    file : str
        Its name in ``rnncore/data/files``.
    title, content, source : str
        What it is called, what it holds and where it comes from.
    licence : str
        An SPDX name, or "public domain".
    credit : str
        The line to print wherever the data are used.
    split : str
        How train, validation and test are told apart.
    """

    file: str
    title: str
    content: str
    source: str
    licence: str
    credit: str
    split: str

    def read_text(self) -> str:
        """Return the unpacked file as text."""
        packed = (files("rnncore.data") / "files" / self.file).read_bytes()
        return gzip.decompress(packed).decode("utf-8")


DATASETS = {
    "shakespeare": Dataset(
        file="shakespeare.txt.gz",
        title="Tiny Shakespeare",
        content="Speeches of several plays, 1,115,394 characters of 65 kinds",
        source="https://github.com/karpathy/char-rnn",
        licence="public domain",
        credit=(
            'William Shakespeare\'s plays, as collected in "tiny Shakespeare" by Andrej Karpathy '
            "(char-rnn). Public domain."
        ),
        split="By position: first 90 % train, next 5 % validation, last 5 % test",
    ),
    "names": Dataset(
        file="names.csv.gz",
        title="Surnames by language",
        content="18,012 pairs of a surname and one of 18 languages",
        source="https://github.com/spro/practical-pytorch",
        licence="MIT",
        credit="Surnames by language from practical-pytorch by Sean Robertson, MIT licence.",
        split="By hash of the name: CRC-32 modulo 10; 0 is test, 1 validation, the rest train",
    ),
}
