"""Optimisers as pure functions: ``step(params, grads, state)`` returns new parameters and state."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from rnncore.numpy.trees import map_arrays


@dataclass(frozen=True)
class SGD:
    """Gradient descent: each step goes against the gradient."""

    learning_rate: float

    def step(self, params: Any, grads: Any, state: None = None) -> tuple[Any, None]:
        """Return θ - η g; there is no state.

        Parameters
        ----------
        params, grads : trees of arrays as `map_arrays` takes them, of one structure

        Raises
        ------
        ValueError
            If the structures differ.
        """
        return map_arrays(lambda p, g: p - self.learning_rate * g, params, grads), None


@dataclass(frozen=True)
class Momentum:
    """Gradient descent with heavy-ball momentum, in the form that PyTorch uses.

    References
    ----------
    B. T. Polyak, "Some methods of speeding up the convergence of iteration methods", 1964.
    """

    learning_rate: float
    momentum: float = 0.9

    def step(self, params: Any, grads: Any, state: Any = None) -> tuple[Any, Any]:
        """Return θ - η v with v = μ v + g, and v as the state; None begins with v = 0.

        Raises
        ------
        ValueError
            If the structures differ.
        """
        velocity = (
            map_arrays(np.copy, grads)
            if state is None
            else map_arrays(lambda v, g: self.momentum * v + g, state, grads)
        )
        return map_arrays(lambda p, v: p - self.learning_rate * v, params, velocity), velocity


class AdamState(NamedTuple):
    """How many steps were taken, and the running means of g and of g²."""

    steps: int
    mean: Any
    square: Any


@dataclass(frozen=True)
class Adam:
    """Adam: a step of about the learning rate for each parameter, whatever its gradient's size.

    References
    ----------
    D. P. Kingma and J. Ba, "Adam: a method for stochastic optimization", 2015, algorithm 1.
    """

    learning_rate: float = 1e-3
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8

    def step(
        self, params: Any, grads: Any, state: AdamState | None = None
    ) -> tuple[Any, AdamState]:
        """Return the parameters after one step, and the state; None begins with zeros.

        Raises
        ------
        ValueError
            If the structures differ.
        """
        if state is None:
            zeros = map_arrays(np.zeros_like, grads)
            state = AdamState(0, zeros, zeros)
        steps = state.steps + 1
        mean = map_arrays(lambda m, g: self.beta1 * m + (1 - self.beta1) * g, state.mean, grads)
        square = map_arrays(
            lambda s, g: self.beta2 * s + (1 - self.beta2) * g * g, state.square, grads
        )
        rate = self.learning_rate / (1 - self.beta1**steps)
        scale = 1 / np.sqrt(1 - self.beta2**steps).item()
        moved = map_arrays(
            lambda p, m, s: p - rate * m / (scale * np.sqrt(s) + self.epsilon), params, mean, square
        )
        return moved, AdamState(steps, mean, square)
