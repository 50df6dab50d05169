"""What CTC decoding and loss are tested against: going through all alignments."""

from itertools import groupby, product

import numpy as np


def probabilities_of_labels(logits, blank=0):
    """From labels to their probability, for the logits (T, K) of one sequence."""
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    found = {}
    for alignment in product(range(logits.shape[1]), repeat=len(logits)):
        labels = tuple(symbol for symbol, _ in groupby(alignment) if symbol != blank)
        chance = np.prod([p[t, k] for t, k in enumerate(alignment)])
        found[labels] = found.get(labels, 0.0) + chance
    return found
