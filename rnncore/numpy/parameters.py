"""Parameter classes with PyTorch's names and layout; a gradient is of the same class."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, ClassVar, Self

import numpy as np

from rnncore.numpy.validation import Array, check_float


@dataclass(frozen=True, eq=False)
class Parameters:
    """What all parameter classes share: named arrays of one floating-point type, and settings."""

    def arrays(self) -> Iterator[tuple[str, Array]]:
        """Yield each array with its name, in the order of the fields; settings are left out."""
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, np.ndarray):
                yield field.name, value

    @property
    def dtype(self) -> np.dtype[Any]:
        """The floating-point type of all arrays."""
        return next(array for _, array in self.arrays()).dtype

    def replace(self, **changes: Any) -> Self:
        """Return a copy in which the named fields have other values."""
        return replace(self, **changes)

    def astype(self, dtype: Any) -> Self:
        """Return a copy whose arrays have another floating-point type."""
        return self.replace(**{name: array.astype(dtype) for name, array in self.arrays()})


@dataclass(frozen=True, eq=False)
class RNNParams(Parameters):
    """Parameters of the recurrent cell, equation eq-cell of the book.

    Parameters
    ----------
    weight_ih : array (H, D)
        From the input to the state.
    weight_hh : array (H, H)
        From the old state to the new one.
    bias_ih, bias_hh : array (H,)
        Added to the first and to the second product.
    nonlinearity : "tanh" or "relu"
        The function φ.

    Raises
    ------
    ValueError
        If shapes or floating-point types do not fit together, or the nonlinearity is unknown.

    References
    ----------
    J. L. Elman, "Finding structure in time", Cognitive Science 14, 1990. Names and layout are
    those of ``torch.nn.RNN``.
    """

    weight_ih: Array
    weight_hh: Array
    bias_ih: Array
    bias_hh: Array
    nonlinearity: str = "tanh"

    NONLINEARITIES: ClassVar = ("tanh", "relu")

    def __post_init__(self) -> None:
        hidden, _ = check_float("weight_ih", self.weight_ih, ("H", "D")).shape
        check_float("weight_hh", self.weight_hh, (hidden, hidden), self.weight_ih.dtype)
        check_float("bias_ih", self.bias_ih, (hidden,), self.weight_ih.dtype)
        check_float("bias_hh", self.bias_hh, (hidden,), self.weight_ih.dtype)
        if self.nonlinearity not in self.NONLINEARITIES:
            raise ValueError(f'nonlinearity must be "tanh" or "relu", got {self.nonlinearity!r}')

    @property
    def input_size(self) -> int:
        """D, the number of inputs."""
        return int(self.weight_ih.shape[1])

    @property
    def hidden_size(self) -> int:
        """H, the number of units."""
        return int(self.weight_hh.shape[0])

    @classmethod
    def init(
        cls,
        rng: np.random.Generator,
        D: int,
        H: int,
        scheme: str = "torch",
        *,
        nonlinearity: str = "tanh",
        dtype: Any = np.float64,
    ) -> Self:
        """Draw parameters.

        Parameters
        ----------
        rng : numpy.random.Generator
        D, H : int
            Number of inputs and of units.
        scheme : "torch", "orthogonal" or "identity"
            ``torch``: everything uniform in ±1/√H, as ``torch.nn.RNN`` does.
            ``orthogonal``: ``weight_hh`` orthogonal, ``weight_ih`` as torch's, biases zero
            (Saxe et al. 2014). ``identity``: ``weight_hh`` the identity, ``weight_ih`` Gaussian of
            standard deviation 0.001, biases zero (Le et al. 2015; meant for ``relu``).
        nonlinearity : "tanh" or "relu"
        dtype : float32 or float64

        Raises
        ------
        ValueError
            If a size is below 1 or the scheme is unknown.
        """
        if D < 1 or H < 1:
            raise ValueError(f"D and H must be at least 1, got {D} and {H}")
        bound = 1 / np.sqrt(H)
        shapes = {
            "weight_ih": (H, D),
            "weight_hh": (H, H),
            "bias_ih": (H,),
            "bias_hh": (H,),
        }
        drawn = {name: rng.uniform(-bound, bound, shape) for name, shape in shapes.items()}
        if scheme in ("orthogonal", "identity"):
            drawn["bias_ih"] = drawn["bias_hh"] = np.zeros(H)
        if scheme == "orthogonal":
            drawn["weight_hh"] = random_orthogonal(rng, H)
        elif scheme == "identity":
            drawn["weight_hh"] = np.eye(H)
            drawn["weight_ih"] = rng.normal(0, 0.001, shapes["weight_ih"])
        elif scheme != "torch":
            raise ValueError(f'scheme must be "torch", "orthogonal" or "identity", got {scheme!r}')
        arrays: dict[str, Any] = {name: drawn[name].astype(dtype) for name in shapes}
        return cls(**arrays, nonlinearity=nonlinearity)

    @classmethod
    def from_state_dict(
        cls, state_dict: Mapping[str, Any], layer: int = 0, reverse: bool = False, **settings: Any
    ) -> Self:
        """Read one layer and direction of a ``torch.nn.RNN``'s ``state_dict``.

        Parameters
        ----------
        state_dict : mapping from name to array or tensor
            Keys such as ``weight_ih_l0`` or ``weight_ih_l1_reverse``; for layer 0 also without
            the suffix, as ``torch.nn.RNNCell`` has them.
        layer : int
        reverse : bool
            Take the direction that runs backwards in time.
        **settings
            Fields that are not arrays, such as ``nonlinearity``.

        Raises
        ------
        ValueError
            If a key is missing.
        """
        suffix = _suffix(layer, reverse)
        found: dict[str, Any] = {}
        for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
            key = name + suffix
            if key not in state_dict and layer == 0 and not reverse:
                key = name
            if key not in state_dict:
                raise ValueError(
                    f"state_dict must have the key {name + suffix!r}, "
                    f"got {', '.join(map(repr, state_dict)) or 'no key at all'}"
                )
            found[name] = np.asarray(state_dict[key]).copy()
        return cls(**found, **settings)

    def to_state_dict(self, layer: int = 0, reverse: bool = False) -> dict[str, Array]:
        """Return copies of the arrays under ``torch.nn.RNN``'s keys."""
        suffix = _suffix(layer, reverse)
        return {name + suffix: array.copy() for name, array in self.arrays()}


@dataclass(frozen=True, eq=False)
class LinearParams(Parameters):
    """Parameters of a linear read-out, equation eq-readout: weight (K, H) and bias (K,).

    Raises
    ------
    ValueError
        If shapes or floating-point types do not fit together.
    """

    weight: Array
    bias: Array

    def __post_init__(self) -> None:
        outputs, _ = check_float("weight", self.weight, ("K", "H")).shape
        check_float("bias", self.bias, (outputs,), self.weight.dtype)

    @classmethod
    def init(cls, rng: np.random.Generator, H: int, K: int, *, dtype: Any = np.float64) -> Self:
        """Draw everything uniformly in ±1/√H, as ``torch.nn.Linear`` does."""
        bound = 1 / np.sqrt(H)
        weight = rng.uniform(-bound, bound, (K, H)).astype(dtype)
        return cls(weight, rng.uniform(-bound, bound, K).astype(dtype))


@dataclass(frozen=True, eq=False)
class EmbeddingParams(Parameters):
    """One row of ``weight`` (K, D) for each of K symbols.

    Raises
    ------
    ValueError
        If the weight is not a two-dimensional array of float32 or float64.
    """

    weight: Array

    def __post_init__(self) -> None:
        check_float("weight", self.weight, ("K", "D"))

    @classmethod
    def init(cls, rng: np.random.Generator, K: int, D: int, *, dtype: Any = np.float64) -> Self:
        """Draw standard Gaussian entries, as ``torch.nn.Embedding`` does."""
        return cls(rng.normal(size=(K, D)).astype(dtype))


def random_orthogonal(rng: np.random.Generator, size: int) -> Array:
    """Draw an orthogonal matrix (size, size), uniformly over all of them.

    References
    ----------
    F. Mezzadri, "How to generate random matrices from the classical compact groups", 2007: the
    signs of R's diagonal make the QR decomposition of a Gaussian matrix unique.
    """
    q, r = np.linalg.qr(rng.normal(size=(size, size)))
    return np.asarray(q * np.sign(np.diag(r)))


def _suffix(layer: int, reverse: bool) -> str:
    return f"_l{layer}" + ("_reverse" if reverse else "")
