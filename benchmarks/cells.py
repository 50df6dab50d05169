"""What is timed: a training step and inference of each cell, four ways, on one set of arrays."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch

from benchmarks import plain_loop
from rnncore import numpy as rn

SIZES = [(100, 32, 128, 256), (50, 64, 512, 512), (100, 32, 64, 128), (32, 16, 32, 64)]
SIZES += [(200, 1, 64, 128)]  # T, N, D, H
KINDS = {
    "RNN": (rn.RNNParams, 1, torch.nn.RNN, plain_loop.rnn),
    "LSTM": (rn.LSTMParams, 4, torch.nn.LSTM, plain_loop.lstm),
    "GRU": (rn.GRUParams, 3, torch.nn.GRU, plain_loop.gru),
}


@dataclass(frozen=True)
class Case:
    """One cell at one size, with functions of no arguments to be timed."""

    kind: str
    size: tuple[int, int, int, int]
    training: dict[str, Callable[[], object]]
    inference: dict[str, Callable[[], object]]


def make_case(kind: str, size: tuple[int, int, int, int]) -> Case:
    """Draw arrays and bind them to each of the four ways."""
    T, N, D, H = size
    rng = np.random.default_rng(0)
    params_class, gates, module_class, plain = KINDS[kind]
    params = params_class.init(rng, D, H, dtype=np.float32)
    x, dh = (rng.normal(size=(T, N, width)).astype(np.float32) for width in (D, H))
    return Case(
        kind,
        size,
        {
            "rnncore": lambda: rn.sequence_backward(dh, rn.sequence_forward(x, None, params)[2]),
            "GEMM floor": gemm_floor(size, gates, training=True),
            "torch's GEMMs": torch_gemms(size, gates),
            "torch.nn": torch_training(module_class(D, H), x, dh),
            "plain loop": lambda: plain(x, params, dh),
        },
        {
            "rnncore": lambda: rn.sequence_forward(x, None, params),
            "GEMM floor": gemm_floor(size, gates, training=False),
            "torch.nn": torch_inference(module_class(D, H), x),
        },
    )


def gemm_floor(size: tuple[int, int, int, int], gates: int, training: bool) -> Callable[[], object]:
    """The matrix products that no implementation can do without, through NumPy's own BLAS.

    Forward: the inputs of all steps in one product, and one product with the state a step.
    Backward: one product a step, and one over all steps for each weight and for the inputs.
    """
    T, N, D, H = size
    rng = np.random.default_rng(0)

    def draw(*shape: int) -> np.ndarray:
        return rng.normal(size=shape).astype(np.float32)

    x, h, da = draw(T * N, D), draw(T * N, H), draw(T * N, gates * H)
    weight_ih, weight_hh = draw(gates * H, D), draw(gates * H, H)
    gate_rows = np.empty_like(da)
    from_state, to_state = np.empty_like(da[:N]), np.empty_like(h[:N])

    def forward() -> None:
        np.matmul(x, weight_ih.T, out=gate_rows)
        for t in range(T):
            np.matmul(h[t * N : (t + 1) * N], weight_hh.T, out=from_state)

    def both() -> None:
        forward()
        for t in range(T):
            np.matmul(da[t * N : (t + 1) * N], weight_hh, out=to_state)
        da.T @ x, da.T @ h, da @ weight_ih

    return both if training else forward


def torch_gemms(size: tuple[int, int, int, int], gates: int) -> Callable[[], object]:
    """The products of `gemm_floor` in training, through torch's BLAS."""
    T, N, D, H = size
    x, h, da = torch.randn(T * N, D), torch.randn(T * N, H), torch.randn(T * N, gates * H)
    weight_ih, weight_hh = torch.randn(gates * H, D), torch.randn(gates * H, H)
    gate_rows, from_state, to_state = (torch.empty_like(a) for a in (da, da[:N], h[:N]))

    def run() -> None:
        torch.matmul(x, weight_ih.T, out=gate_rows)
        for t in range(T):
            torch.matmul(h[t * N : (t + 1) * N], weight_hh.T, out=from_state)
        for t in range(T):
            torch.matmul(da[t * N : (t + 1) * N], weight_hh, out=to_state)
        da.T @ x, da.T @ h, da @ weight_ih

    return run


def torch_training(module: torch.nn.Module, x: np.ndarray, dh: np.ndarray) -> Callable[[], object]:
    """Forward and backward of a module, with gradients of inputs and parameters."""
    inputs, upstream = torch.tensor(x, requires_grad=True), torch.tensor(dh)

    def run() -> None:
        module.zero_grad()
        inputs.grad = None
        module(inputs)[0].backward(upstream)

    return run


def torch_inference(module: torch.nn.Module, x: np.ndarray) -> Callable[[], object]:
    """Forward of a module without gradients."""
    inputs = torch.tensor(x)

    def run() -> None:
        with torch.inference_mode():
            module(inputs)

    return run
