"""Activation functions, each stable over the whole range, with their backward steps."""

import numpy as np

from rnncore.numpy.validation import Array


def sigmoid(x: Array) -> Array:
    """Return 1 / (1 + exp(-x)) without overflow; any shape."""
    decay = np.exp(-np.abs(x))
    return np.asarray(np.where(x >= 0, 1, decay) / (1 + decay), dtype=decay.dtype)


def tanh(x: Array) -> Array:
    """Return the hyperbolic tangent; any shape."""
    return np.asarray(np.tanh(x))


def relu(x: Array) -> Array:
    """Return max(0, x); any shape. NaN stays NaN."""
    return np.asarray(np.maximum(x, 0))


def sigmoid_backward(dy: Array, y: Array) -> Array:
    """Return dx from dy, where y = sigmoid(x): the slope is y (1 - y), at most 1/4."""
    return np.asarray(dy * y * (1 - y))


def tanh_backward(dy: Array, y: Array) -> Array:
    """Return dx from dy, where y = tanh(x): the slope is 1 - y², at most 1."""
    return np.asarray(dy * (1 - y * y))


def relu_backward(dy: Array, y: Array) -> Array:
    """Return dx from dy, where y = relu(x): the slope is 1 where y > 0, else 0."""
    return np.asarray(dy * np.heaviside(y, y.dtype.type(0)))


def softmax(logits: Array, axis: int = -1) -> Array:
    """Return probabilities exp(logits) / Σ exp(logits) along an axis, without overflow."""
    weights = np.exp(logits - logits.max(axis=axis, keepdims=True))
    return np.asarray(weights / weights.sum(axis=axis, keepdims=True))


def log_softmax(logits: Array, axis: int = -1) -> Array:
    """Return the logarithm of `softmax`, by the log-sum-exp identity."""
    shifted = logits - logits.max(axis=axis, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True)))
