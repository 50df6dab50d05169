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
class CellParams(Parameters):
    """What the recurrent cells share: G gates stacked along the first axis of each array.

    Parameters
    ----------
    weight_ih : array (G·H, D)
        From the input to the gates.
    weight_hh : array (G·H, H)
        From the old state to the gates.
    bias_ih, bias_hh : array (G·H,)
        Added to the first and to the second product.

    Raises
    ------
    ValueError
        If shapes or floating-point types do not fit together.
    """

    weight_ih: Array
    weight_hh: Array
    bias_ih: Array
    bias_hh: Array

    GATES: ClassVar[int]
    OPTIONAL: ClassVar[tuple[str, ...]] = ()

    def __post_init__(self) -> None:
        rows, _ = check_float("weight_ih", self.weight_ih, (_rows(self.GATES), "D")).shape
        if rows % self.GATES:
            raise ValueError(
                f"weight_ih must have {self.GATES} rows for each unit, got {rows} rows"
            )
        dtype = self.weight_ih.dtype
        check_float("weight_hh", self.weight_hh, (rows, rows // self.GATES), dtype)
        check_float("bias_ih", self.bias_ih, (rows,), dtype)
        check_float("bias_hh", self.bias_hh, (rows,), dtype)

    @property
    def input_size(self) -> int:
        """D, the number of inputs."""
        return int(self.weight_ih.shape[1])

    @property
    def hidden_size(self) -> int:
        """H, the number of units."""
        return int(self.weight_hh.shape[1])

    @classmethod
    def init(
        cls,
        rng: np.random.Generator,
        D: int,
        H: int,
        scheme: str = "torch",
        *,
        dtype: Any = np.float64,
        **settings: Any,
    ) -> Self:
        """Draw parameters.

        Parameters
        ----------
        rng : numpy.random.Generator
        D, H : int
            Number of inputs and of units.
        scheme : "torch", "orthogonal" or "identity"
            ``torch``: everything uniform in ±1/√H, as ``torch.nn`` does.
            ``orthogonal``: each gate's part of ``weight_hh`` orthogonal, ``weight_ih`` as torch's,
            biases zero (Saxe et al. 2014). ``identity``: each gate's part of ``weight_hh`` the
            identity, ``weight_ih`` Gaussian of standard deviation 0.001, biases zero (Le et al.
            2015; meant for ``RNNParams`` with ``nonlinearity="relu"``).
        dtype : float32 or float64
        **settings
            Fields that are not arrays, such as ``nonlinearity``.

        Raises
        ------
        ValueError
            If a size is below 1 or the scheme is unknown.
        """
        if D < 1 or H < 1:
            raise ValueError(f"D and H must be at least 1, got {D} and {H}")
        if scheme not in ("torch", "orthogonal", "identity"):
            raise ValueError(f'scheme must be "torch", "orthogonal" or "identity", got {scheme!r}')
        rows, bound = cls.GATES * H, 1 / np.sqrt(H)
        shapes = {
            "weight_ih": (rows, D),
            "weight_hh": (rows, H),
            "bias_ih": (rows,),
            "bias_hh": (rows,),
        }
        drawn = {name: rng.uniform(-bound, bound, shape) for name, shape in shapes.items()}
        if scheme != "torch":
            drawn["bias_ih"] = drawn["bias_hh"] = np.zeros(rows)
        if scheme == "orthogonal":
            drawn["weight_hh"] = np.vstack([random_orthogonal(rng, H) for _ in range(cls.GATES)])
        elif scheme == "identity":
            drawn["weight_hh"] = np.vstack([np.eye(H)] * cls.GATES)
            drawn["weight_ih"] = rng.normal(0, 0.001, shapes["weight_ih"])
        arrays: dict[str, Any] = {name: drawn[name].astype(dtype) for name in shapes}
        return cls(**arrays, **settings)

    @classmethod
    def from_state_dict(
        cls, state_dict: Mapping[str, Any], layer: int = 0, reverse: bool = False, **settings: Any
    ) -> Self:
        """Read one layer and direction of a torch module's ``state_dict``.

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
        for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh", *cls.OPTIONAL):
            key = name + suffix
            if key not in state_dict and layer == 0 and not reverse:
                key = name
            if key in state_dict:
                found[name] = np.asarray(state_dict[key]).copy()
            elif name not in cls.OPTIONAL:
                raise ValueError(
                    f"state_dict must have the key {name + suffix!r}, "
                    f"got {', '.join(map(repr, state_dict)) or 'no key at all'}"
                )
        return cls(**found, **settings)

    def to_state_dict(self, layer: int = 0, reverse: bool = False) -> dict[str, Array]:
        """Return copies of the arrays under the keys of ``torch.nn``."""
        suffix = _suffix(layer, reverse)
        return {name + suffix: array.copy() for name, array in self.arrays()}


@dataclass(frozen=True, eq=False)
class RNNParams(CellParams):
    """Parameters of the recurrent cell, equation eq-cell of the book: G = 1.

    Parameters
    ----------
    weight_ih, weight_hh, bias_ih, bias_hh
        As `CellParams`: (H, D), (H, H), (H,), (H,).
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

    nonlinearity: str = "tanh"

    GATES: ClassVar = 1

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.nonlinearity not in ("tanh", "relu"):
            raise ValueError(f'nonlinearity must be "tanh" or "relu", got {self.nonlinearity!r}')


@dataclass(frozen=True, eq=False)
class LSTMParams(CellParams):
    """Parameters of the LSTM, gates in the order i, f, g, o: G = 4.

    Parameters
    ----------
    weight_ih, weight_hh, bias_ih, bias_hh
        As `CellParams`: (4H, D), (4H, H), (4H,), (4H,).
    weight_peephole : array (3, H) or None
        Rows i, f, o: what each gate sees of the cell state.

    Raises
    ------
    ValueError
        If shapes or floating-point types do not fit together.

    References
    ----------
    S. Hochreiter and J. Schmidhuber, "Long short-term memory", 1997; forget gate: F. Gers,
    J. Schmidhuber, F. Cummins, "Learning to forget", 2000; peepholes: F. Gers and
    J. Schmidhuber, "Recurrent nets that time and count", 2000. Names and layout are those of
    ``torch.nn.LSTM``, which has no peepholes.
    """

    weight_peephole: Array | None = None

    GATES: ClassVar = 4
    OPTIONAL: ClassVar = ("weight_peephole",)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.weight_peephole is not None:
            shape = (3, self.hidden_size)
            check_float("weight_peephole", self.weight_peephole, shape, self.weight_ih.dtype)

    @classmethod
    def init(
        cls,
        rng: np.random.Generator,
        D: int,
        H: int,
        scheme: str = "torch",
        *,
        forget_bias: float = 0.0,
        peephole: bool = False,
        dtype: Any = np.float64,
        **settings: Any,
    ) -> Self:
        """Draw parameters as `CellParams.init`.

        Parameters
        ----------
        rng, D, H, scheme, dtype
            As `CellParams.init`.
        forget_bias : float
            Added to the forget gate's ``bias_ih``; the bias in effect is the sum of both biases.
        peephole : bool
            Draw ``weight_peephole`` too, uniform in ±1/√H.
        **settings
            None: the LSTM has no fields that are not arrays.

        Raises
        ------
        ValueError
            If a size is below 1 or the scheme is unknown.
        """
        drawn = super().init(rng, D, H, scheme, dtype=dtype, **settings)
        drawn.bias_ih[H : 2 * H] += np.asarray(forget_bias, dtype)
        if not peephole:
            return drawn
        bound = 1 / np.sqrt(H)
        return drawn.replace(weight_peephole=rng.uniform(-bound, bound, (3, H)).astype(dtype))


@dataclass(frozen=True, eq=False)
class GRUParams(CellParams):
    """Parameters of the GRU, gates in the order r, z, n: G = 3.

    Parameters
    ----------
    weight_ih, weight_hh, bias_ih, bias_hh
        As `CellParams`: (3H, D), (3H, H), (3H,), (3H,).
    reset_after : bool
        True: the reset gate multiplies the product W_hn h + b_hn (cuDNN, PyTorch, Keras since
        TensorFlow 2). False: it multiplies h before the product (Cho et al. 2014, Chung et al.
        2014). The two are different functions.

    Raises
    ------
    ValueError
        If shapes or floating-point types do not fit together, or ``reset_after`` is no bool.

    References
    ----------
    K. Cho et al., "Learning phrase representations using RNN encoder-decoder", 2014. Names and
    layout are those of ``torch.nn.GRU``.
    """

    reset_after: bool = True

    GATES: ClassVar = 3

    def __post_init__(self) -> None:
        super().__post_init__()
        if type(self.reset_after) is not bool:
            raise ValueError(f"reset_after must be True or False, got {self.reset_after!r}")


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


def _rows(gates: int) -> str:
    return "H" if gates == 1 else f"{gates}H"


def _suffix(layer: int, reverse: bool) -> str:
    return f"_l{layer}" + ("_reverse" if reverse else "")
