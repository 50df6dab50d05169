"""From the logits of a net trained with CTC to labels: the best path, and prefix beam search."""

import numpy as np

from rnncore.numpy.decoding import best_indices, decodable_log_softmax
from rnncore.numpy.validation import Array, check_float, check_integer, check_lengths


def ctc_best_path(logits: Array, logit_lengths: Array, blank: int = 0) -> list[list[int]]:
    """Return the labels of the most likely alignment of each sequence.

    It takes the best symbol of each frame, merges repeats and drops blanks. These need not be the
    most likely labels: others may have more alignments.

    Parameters
    ----------
    logits : array (T, N, K)
        Frames beyond a sequence's length may hold anything.
    logit_lengths : int array (N,)
        How many frames are real, 0 to T.
    blank : int
        The class that stands for no label.

    Returns
    -------
    labels : list of N lists

    Raises
    ------
    ValueError
        If shapes or dtypes do not fit, a length or ``blank`` lies outside, or a real frame holds
        NaN.

    References
    ----------
    A. Graves, S. Fernández, F. Gomez, J. Schmidhuber, "Connectionist temporal classification",
    2006, section 3.2.
    """
    sequences, blank = _real_frames(logits, logit_lengths, blank)
    decoded = []
    for log_probabilities in sequences:
        path = log_probabilities.argmax(axis=-1)
        starts = np.diff(path, prepend=-1) != 0
        decoded.append(path[starts & (path != blank)].tolist())
    return decoded


def ctc_prefix_beam(
    logits: Array, logit_lengths: Array, width: int, blank: int = 0
) -> list[list[tuple[tuple[int, ...], float]]]:
    """Search the most likely labels of each sequence, adding up the alignments of equal labels.

    Parameters
    ----------
    logits : array (T, N, K)
        Frames beyond a sequence's length may hold anything.
    logit_lengths : int array (N,)
        How many frames are real, 0 to T.
    width : int
        How many prefixes are kept after each frame. Where this is all of them, the probabilities
        are exact; otherwise they leave out the alignments of dropped prefixes.
    blank : int
        The class that stands for no label.

    Returns
    -------
    hypotheses : list of N lists of (labels, log probability)
        At most ``width`` for each sequence, the best first.

    Raises
    ------
    ValueError
        As `ctc_best_path`, and if ``width`` is below 1.

    References
    ----------
    A. Hannun, A. Maas, D. Jurafsky, A. Ng, "First-pass large vocabulary continuous speech
    recognition using bi-directional recurrent DNNs", 2014, algorithm 1, without a language model.
    """
    width = check_integer("width", width, 1)
    sequences, blank = _real_frames(logits, logit_lengths, blank)
    return [_search(log_probabilities, width, blank) for log_probabilities in sequences]


def _search(
    log_probabilities: Array, width: int, blank: int
) -> list[tuple[tuple[int, ...], float]]:
    """Run the search over one sequence (T, K)."""
    prefixes: list[tuple[int, ...]] = [()]
    in_blank, in_label = np.zeros(1), np.full(1, -np.inf)  # log p(prefix, last frame is ...)
    for frame in log_probabilities:
        K = len(frame)
        total = np.logaddexp(in_blank, in_label)
        stay_blank = total + frame[blank]
        stay_label = np.full(len(prefixes), -np.inf)
        grow = total[:, None] + frame
        grow[:, blank] = -np.inf
        row_of = {prefix: row for row, prefix in enumerate(prefixes)}
        for row, prefix in enumerate(prefixes):
            if prefix:  # its last label again: the same label, or a new one behind a blank
                stay_label[row] = in_label[row] + frame[prefix[-1]]
                grow[row, prefix[-1]] = in_blank[row] + frame[prefix[-1]]
        for row, prefix in enumerate(prefixes):
            parent = row_of.get(prefix[:-1]) if prefix else None
            if parent is not None:  # one prefix reached in two ways is one prefix
                stay_label[row] = np.logaddexp(stay_label[row], grow[parent, prefix[-1]])
                grow[parent, prefix[-1]] = -np.inf

        stay = np.logaddexp(stay_blank, stay_label)
        kept = best_indices(np.concatenate([stay, grow.ravel()]), width)
        stayed, grown = kept[kept < len(stay)], kept[kept >= len(stay)] - len(stay)
        prefixes = [prefixes[row] for row in stayed] + [
            (*prefixes[place // K], int(place % K)) for place in grown
        ]
        in_blank = np.concatenate([stay_blank[stayed], np.full(len(grown), -np.inf)])
        in_label = np.concatenate([stay_label[stayed], grow.ravel()[grown]])

    total = np.logaddexp(in_blank, in_label)
    return [(prefixes[row], float(total[row])) for row in best_indices(total, width)]


def _real_frames(logits: Array, logit_lengths: Array, blank: int) -> tuple[list[Array], int]:
    """Check the arguments and return each sequence's log probabilities (its length, K)."""
    T, N, K = check_float("logits", logits, ("T", "N", "K")).shape
    frames = check_lengths("logit_lengths", logit_lengths, N, T)
    sequences = [decodable_log_softmax(logits[: frames[n], n]) for n in range(N)]
    return sequences, check_integer("blank", blank, 0, K - 1)
