"""Which rows of a data set belong to training, validation and test."""

import zlib

import numpy as np
from numpy.typing import NDArray

PARTS = ("train", "validation", "test")


def rows_of(split: str, parts: NDArray[np.str_]) -> NDArray[np.intp]:
    """Return the numbers of the rows that lie in one part.

    Parameters
    ----------
    split : str
        "train", "validation" or "test".
    parts : array of str
        The part of each row.

    Raises
    ------
    ValueError
        If ``split`` is none of the three.
    """
    if split not in PARTS:
        raise ValueError(f'split must be "train", "validation" or "test", got {split!r}')
    return np.flatnonzero(parts == split)


def part_by_hash(text: str) -> str:
    """Return the part of a text; the same text always falls in the same, so doubles cannot leak."""
    return {0: "test", 1: "validation"}.get(zlib.crc32(text.lower().encode()) % 10, "train")
