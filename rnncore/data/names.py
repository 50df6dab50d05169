"""Surnames by language."""

import csv
import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnncore.data.source import DATASETS
from rnncore.data.splits import part_by_hash, rows_of


@dataclass(frozen=True)
class Names:
    """Surnames and the language whose list each was on; a name may be on several lists.

    Parameters
    ----------
    names, languages : list of str
        One entry a row.
    split : array of str
        "train", "validation" or "test" for each row; a name falls in one part only.
    """

    names: list[str]
    languages: list[str]
    split: NDArray[np.str_]

    def part(self, split: str) -> tuple[list[str], list[str]]:
        """Return the names and languages of one part.

        Raises
        ------
        ValueError
            If ``split`` is not "train", "validation" or "test".
        """
        rows = rows_of(split, self.split)
        return [self.names[i] for i in rows], [self.languages[i] for i in rows]


def load_names() -> Names:
    """Load the surnames.

    Returns
    -------
    Names
        18,012 rows: 14,358 train, 1,870 validation, 1,784 test.
    """
    rows = list(csv.DictReader(io.StringIO(DATASETS["names"].read_text())))
    return Names(
        [row["name"] for row in rows],
        [row["language"] for row in rows],
        np.array([part_by_hash(row["name"]) for row in rows]),
    )
