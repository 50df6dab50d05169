"""Small images of handwritten digits."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnncore.data.splits import rows_of

FIRST_VALIDATION, FIRST_TEST = 1157, 1415
"""The first row of validation and of test; a filled-in form begins at either."""


@dataclass(frozen=True, eq=False)
class Digits:
    """Images in the order of the forms that people filled in.

    Parameters
    ----------
    images : float64 array (N, 8, 8)
        From 0, paper, to 1, ink, in steps of 1/16; rows from top to bottom.
    labels : int64 array (N,)
        0 to 9.
    split : array of str (N,)
        "train", "validation" or "test"; a form lies in one part only.
    """

    images: NDArray[np.float64]
    labels: NDArray[np.int64]
    split: NDArray[np.str_]

    def part(self, split: str) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Return the images and labels of one part.

        Raises
        ------
        ValueError
            If ``split`` is not "train", "validation" or "test".
        """
        rows = rows_of(split, self.split)
        return self.images[rows], self.labels[rows]


def load_digits() -> Digits:
    """Load the images that come with scikit-learn.

    Returns
    -------
    Digits
        1,797 images: 1,157 train, 258 validation, 382 test.

    References
    ----------
    E. Alpaydin and C. Kaynak, Cascading classifiers, Kybernetika, 1998.
    """
    from sklearn import datasets  # takes a second, which only those pay who want the digits

    bunch = datasets.load_digits()
    rows = np.arange(len(bunch.target))
    split = np.select([rows < FIRST_VALIDATION, rows < FIRST_TEST], ["train", "validation"], "test")
    return Digits(bunch.images / 16, bunch.target.astype(np.int64), split)
