"""The adding problem: remember two numbers of a long sequence and give their sum."""

import numpy as np
from numpy.typing import NDArray


def adding_problem(
    rng: np.random.Generator, T: int, N: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Draw sequences of numbers, two of them marked, and the sum of the marked ones.

    The target has mean 1 and variance 1/6, so always saying 1 has a mean squared error of 1/6.

    Parameters
    ----------
    rng : numpy.random.Generator
        Draws the numbers evenly from 0 to 1, and in each half of the steps the place of one
        mark, evenly; with an odd T the first half is the shorter one.
    T : int
        Steps, at least 2.
    N : int
        Sequences, at least 1.

    Returns
    -------
    x : float64 array (T, N, 2)
        ``x[..., 0]`` holds the numbers; ``x[..., 1]`` is 1 where one is marked, 0 elsewhere.
    y : float64 array (N, 1)
        The sum of the two marked numbers.

    Raises
    ------
    ValueError
        If a size is too small.

    References
    ----------
    S. Hochreiter and J. Schmidhuber, Long short-term memory, 1997, experiment 4, with numbers
    from -1 to 1 and lengths that vary; in this form M. Arjovsky, A. Shah and Y. Bengio, Unitary
    evolution recurrent neural networks, 2016, section 5.2.
    """
    if T < 2 or N < 1:
        raise ValueError(f"T must be at least 2 and N at least 1, got {T} and {N}")
    numbers = rng.random((T, N))
    marks = np.zeros((T, N))
    sequences = np.arange(N)
    marks[rng.integers(0, T // 2, N), sequences] = 1.0
    marks[rng.integers(T // 2, T, N), sequences] = 1.0
    return np.stack([numbers, marks], axis=-1), (numbers * marks).sum(axis=0)[:, None]
