"""What a model's loss means in other units."""

import numpy as np


def perplexity(nats: float) -> float:
    """Return exp(cross entropy): the number of equally likely symbols that would be as hard."""
    return float(np.exp(nats))


def bits_per_character(nats: float) -> float:
    """Return a cross entropy in bits: nats / ln 2."""
    return float(nats / np.log(2))
