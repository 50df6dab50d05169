"""Tiny Shakespeare, a character at a time."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnncore.data.source import DATASETS


@dataclass(frozen=True)
class CharacterText:
    """A text in three parts, and the numbering of its characters.

    Parameters
    ----------
    train, validation, test : str
    alphabet : str
        All K characters in order; a character's number is its place in it.
    """

    train: str
    validation: str
    test: str
    alphabet: str

    def encode(self, text: str) -> NDArray[np.int64]:
        """Return the numbers of the characters, (len(text),).

        Raises
        ------
        ValueError
            If a character does not stand in the alphabet.
        """
        unknown = sorted(set(text) - set(self.alphabet))
        if unknown:
            raise ValueError(f"text must use the alphabet's characters only, got {unknown}")
        number = {character: i for i, character in enumerate(self.alphabet)}
        return np.array([number[character] for character in text], dtype=np.int64)

    def decode(self, ids: NDArray[np.integer]) -> str:
        """Return the text of a row of numbers, each from 0 to K - 1.

        Raises
        ------
        ValueError
            If a number lies outside.
        """
        ids = np.asarray(ids)
        if ids.size and not 0 <= ids.min() <= ids.max() < len(self.alphabet):
            raise ValueError(
                f"ids must lie between 0 and {len(self.alphabet) - 1}, "
                f"got {ids.min()} to {ids.max()}"
            )
        return "".join(self.alphabet[i] for i in ids)


def load_shakespeare() -> CharacterText:
    """Load the text: the first 90 % are train, the next 5 % validation, the last 5 % test.

    Returns
    -------
    CharacterText
        1,115,394 characters of 65 kinds.
    """
    text = DATASETS["shakespeare"].read_text()
    first, second = int(0.9 * len(text)), int(0.95 * len(text))
    return CharacterText(
        text[:first], text[first:second], text[second:], "".join(sorted(set(text)))
    )
