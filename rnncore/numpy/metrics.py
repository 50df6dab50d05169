"""What predictions are worth: a loss in other units, forecasts and probabilities judged."""

import numpy as np

from rnncore.numpy.validation import Array, check_array, check_float, check_ids, check_integer


def perplexity(nats: float) -> float:
    """Return exp(cross entropy): the number of equally likely symbols that would be as hard."""
    return float(np.exp(nats))


def bits_per_character(nats: float) -> float:
    """Return a cross entropy in bits: nats / ln 2."""
    return float(nats / np.log(2))


def mase(actual: Array, forecast: Array, history: Array, season: int = 1) -> float:
    """Return the mean absolute scaled error: 1 is the naive forecast's, one step ahead, in history.

    Parameters
    ----------
    actual, forecast : array (...)
        What came and what was forecast, of one shape.
    history : array (M,)
        The series that the forecaster was fitted to, without a gap. Its naive forecast is its
        own value one season earlier.
    season : int
        Steps of a season, 1 to M - 1; 1 compares with the step before.

    Returns
    -------
    error : float
        mean |actual - forecast| / mean |history[t] - history[t - season]|.

    Raises
    ------
    ValueError
        If shapes do not fit, ``history`` is not longer than a season, or it repeats itself
        exactly: then there is nothing to scale by.

    References
    ----------
    R. Hyndman, A. Koehler, "Another look at measures of forecast accuracy", 2006, section 3.
    """
    if isinstance(actual, np.ndarray) and actual.size == 0:
        raise ValueError(f"actual must hold at least one entry, got shape {actual.shape}")
    check_float("actual", actual, getattr(actual, "shape", ("...",)))
    check_float("forecast", forecast, actual.shape)
    check_float("history", history, ("M",))
    season = check_integer("season", season, 1)
    if len(history) <= season:
        raise ValueError(
            f"history must be longer than a season, {season}, got {len(history)} entries"
        )
    past = history.astype(np.float64)
    scale = np.abs(past[season:] - past[:-season]).mean()
    if scale == 0:
        raise ValueError(
            f"history must differ somewhere from itself {season} earlier, got a series whose "
            "naive forecast has no error"
        )
    return float(np.abs(actual.astype(np.float64) - forecast).mean() / scale)


def calibration_error(probabilities: Array, labels: Array, bins: int = 10) -> float:
    """Return the expected calibration error: how far confidence lies from the share of hits.

    Parameters
    ----------
    probabilities : array (M,) or (M, K)
        (M,): the probability of an event. (M, K): of each class, where the confidence is that of
        the likeliest class and a hit is that class being right.
    labels : int array (M,)
        Whether the event happened, 0 or 1; or the right class, 0 to K - 1.
    bins : int
        Intervals of equal width: (0, 1/bins], (1/bins, 2/bins], and so on. 0 falls into the first.

    Returns
    -------
    error : float
        Σ over bins (m / M) |share of hits - mean confidence|, where m predictions lie in the bin.
        0 is calibrated. It depends on the bins, and is biased upwards where they hold few.

    Raises
    ------
    ValueError
        If shapes or dtypes do not fit, a probability lies outside [0, 1], a row of (M, K) does
        not sum to 1 (within 0.001), or a label lies outside.

    References
    ----------
    M. P. Naeini, G. Cooper, M. Hauskrecht, "Obtaining well calibrated probabilities using Bayesian
    binning", 2015; C. Guo et al., "On calibration of modern neural networks", 2017, equation 3.
    """
    of_classes = isinstance(probabilities, np.ndarray) and probabilities.ndim == 2
    check_float("probabilities", probabilities, ("M", "K") if of_classes else ("M",))
    check_array("labels", labels, (len(probabilities),))
    check_ids("labels", labels, probabilities.shape[1] if of_classes else 2)
    bins = check_integer("bins", bins, 1)
    outside = (probabilities < 0) | (probabilities > 1)
    if outside.any():
        raise ValueError(
            f"probabilities must lie in [0, 1], got {probabilities[outside][0]}; "
            "logits go through softmax or sigmoid first"
        )
    confidence, hits = probabilities, labels
    if of_classes:
        sums = probabilities.sum(axis=1)
        if (np.abs(sums - 1) > 1e-3).any():
            raise ValueError(
                "probabilities must sum to 1 in each row, got a row that sums to "
                f"{sums[np.abs(sums - 1) > 1e-3][0]}"
            )
        confidence, hits = probabilities.max(axis=1), probabilities.argmax(axis=1) == labels
    edges = (np.arange(1, bins) / bins).astype(confidence.dtype)
    places = np.searchsorted(edges, confidence, side="left")
    gaps = np.bincount(places, weights=hits - confidence.astype(np.float64), minlength=bins)
    return float(np.abs(gaps).sum() / len(confidence))
