"""Which cells solve the adding problem, at which length, with the same rates and updates."""

from itertools import product
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from rnncore.data.adding import adding_problem
from rnncore.numpy.parameters import GRUParams, LinearParams, LSTMParams, RNNParams

MODELS = ("tanh", "tanh orthogonal", "IRNN", "GRU", "LSTM")
LENGTHS = (25, 50, 100)
RATES = (0.001, 0.003, 0.01)
SEEDS = (0, 1, 2, 3, 4)
SETTINGS: dict[str, Any] = {
    "hidden_size": 32,
    "batch_size": 32,
    "updates": 2000,
    "measure_every": 50,
    "held_out": 1000,
    "solved_below": 0.01,
    "max_norm": 1.0,
    "optimiser": "Adam",
    "seeds": list(SEEDS),
}


def grid() -> list[dict[str, Any]]:
    """Return model, length, rate and seed of each cell; all models of one seed come first."""
    return [
        {"model": model, "T": T, "rate": rate, "seed": seed}
        for seed, T, model, rate in product(SEEDS, LENGTHS, MODELS, RATES)
    ]


def run_cell(model: str, T: int, rate: float, seed: int) -> dict[str, Any]:
    """Train one net until it solves the problem or its updates are spent.

    Parameters
    ----------
    model : str
        One of `MODELS`.
    T : int
        Length of the sequences.
    rate : float
        Adam's learning rate.
    seed : int
        Of the first weights and of the training data.

    Returns
    -------
    dict
        ``solved``; ``updates`` that were made; ``error``, the mean squared error on held-out
        sequences after the last of them.
    """
    rng = np.random.default_rng(seed)
    layer, read_out = build(model, rng)
    weights = [*layer.parameters(), *read_out.parameters()]
    optimiser = torch.optim.Adam(weights, lr=rate)
    held_out = _batch(np.random.default_rng(10**6), T, SETTINGS["held_out"])
    error, made = np.inf, 0
    while made < SETTINGS["updates"] and not error < SETTINGS["solved_below"]:
        for _ in range(SETTINGS["measure_every"]):
            optimiser.zero_grad()
            loss = _error(layer, read_out, _batch(rng, T, SETTINGS["batch_size"]))
            torch.autograd.backward(loss)
            nn.utils.clip_grad_norm_(weights, SETTINGS["max_norm"])
            optimiser.step()
        made += SETTINGS["measure_every"]
        with torch.no_grad():
            error = _error(layer, read_out, held_out).item()
    solved = error < SETTINGS["solved_below"]
    return {"solved": solved, "updates": made, "error": float(f"{error:.4g}")}


def build(model: str, rng: np.random.Generator) -> tuple[nn.Module, nn.Linear]:
    """Return one recurrent layer of two inputs, and its read-out, both freshly drawn."""
    D, H = 2, SETTINGS["hidden_size"]
    layer: nn.Module
    drawn: Any
    if model == "GRU":
        layer, drawn = nn.GRU(D, H), GRUParams.init(rng, D, H)
    elif model == "LSTM":
        layer, drawn = nn.LSTM(D, H), LSTMParams.init(rng, D, H)
    else:
        schemes = {"tanh": "torch", "tanh orthogonal": "orthogonal", "IRNN": "identity"}
        bend = "relu" if model == "IRNN" else "tanh"
        layer = nn.RNN(D, H, nonlinearity=bend)
        drawn = RNNParams.init(rng, D, H, schemes[model], nonlinearity=bend)
    read_out, last = nn.Linear(H, 1), LinearParams.init(rng, H, 1)
    _load(layer, drawn.to_state_dict())
    _load(read_out, dict(last.arrays()))
    return layer, read_out


def _load(module: nn.Module, arrays: dict[str, Any]) -> None:
    module.load_state_dict({name: torch.tensor(array) for name, array in arrays.items()})


def _batch(rng: np.random.Generator, T: int, N: int) -> tuple[Tensor, Tensor]:
    x, y = adding_problem(rng, T, N)
    return torch.tensor(x, dtype=torch.float32), torch.tensor(y, dtype=torch.float32)


def _error(layer: nn.Module, read_out: nn.Module, batch: tuple[Tensor, Tensor]) -> Tensor:
    x, y = batch
    return nn.functional.mse_loss(read_out(layer(x)[0][-1]), y)
