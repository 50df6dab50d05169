"""Made-up notes in pairs: the same words in another order, and the opposite verdict."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

THINGS = ("soup", "bread", "fish", "tea", "cake", "room", "view", "music")
PRAISE = ("good", "great", "fine", "lovely", "superb", "charming")
BLAME = ("bad", "awful", "poor", "dreadful", "dull", "horrid")
NAMES = ("ada", "ben", "cleo", "dan", "eva", "finn", "gus", "hana")
FORMS = {
    "negation": "the {thing} was not {first} but {second}",
    "story": "the {thing} was {first} , then the {thing} was {second} , then we left",
}
_FRAMES = " ".join(form.format(thing="", first="", second="") for form in FORMS.values())
VOCABULARY = tuple(sorted({*_FRAMES.split(), *THINGS, *PRAISE, *BLAME, *NAMES}))
"""Every word that a note can hold, in alphabetical order."""


@dataclass(frozen=True)
class WordOrderPairs:
    """Notes of which each two in a row hold the same words.

    Parameters
    ----------
    sentences : list of str
        Words in small letters, parted by one blank; numbers 2i and 2i + 1 are partners.
    labels : int array (len(sentences),)
        The verdict: 1 praise, 0 blame; the first partner praises, the second blames.
    """

    sentences: list[str]
    labels: NDArray[np.int64]


def word_order_pairs(
    rng: np.random.Generator, pairs: int, form: str = "negation", tail: int = 0
) -> WordOrderPairs:
    """Draw notes of a guest book in pairs that differ in the order of their words alone.

    A note holds one word of praise and one of blame; in its partner the two are exchanged. The
    verdict is the second of them.

    Parameters
    ----------
    rng : numpy.random.Generator
        Draws what is spoken of, the two words and the names, each evenly and with replacement.
    pairs : int
        At least 1.
    form : "negation" or "story"
        "the soup was not bad but good"; or "the soup was bad , then the soup was good , then we
        left", where the two words before the praise, and the two after it, are also those before
        and after the blame.
    tail : int
        How many guests sign with their names, at least 0.

    Returns
    -------
    WordOrderPairs

    Raises
    ------
    ValueError
        If the form is unknown or a number is too small.
    """
    if form not in FORMS:
        raise ValueError(f"form must be one of {', '.join(FORMS)}, got {form!r}")
    if pairs < 1 or tail < 0:
        raise ValueError(f"pairs must be at least 1 and tail at least 0, got {pairs} and {tail}")
    sentences = []
    for _ in range(pairs):
        thing, praise, blame = (rng.choice(words) for words in (THINGS, PRAISE, BLAME))
        names = rng.choice(NAMES, size=tail)
        for first, second in ((blame, praise), (praise, blame)):
            note = FORMS[form].format(thing=thing, first=first, second=second)
            sentences.append(" ".join([note, *names]))
    return WordOrderPairs(sentences, np.tile([1, 0], pairs))
