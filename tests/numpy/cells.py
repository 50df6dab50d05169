"""One form for all cells, and for each an independent torch loop to test it against."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import torch

from rnncore import numpy as rnn
from rnncore.numpy import GRUParams, LSTMParams, RNNParams


def affine(x, h, w):
    return x @ w["weight_ih"].T + w["bias_ih"] + h @ w["weight_hh"].T + w["bias_hh"]


def tanh_step(x, states, w):
    return (torch.tanh(affine(x, states[0], w)),)


def relu_step(x, states, w):
    return (torch.relu(affine(x, states[0], w)),)


def lstm_step(x, states, w):
    h, c = states
    i, f, g, o = affine(x, h, w).chunk(4, dim=1)
    peephole = w.get("weight_peephole", torch.zeros(3, h.shape[1], dtype=h.dtype))
    i, f = torch.sigmoid(i + peephole[0] * c), torch.sigmoid(f + peephole[1] * c)
    c = f * c + i * torch.tanh(g)
    return torch.sigmoid(o + peephole[2] * c) * torch.tanh(c), c


def gru_step(x, states, w, reset_after):
    (h,) = states
    x_r, x_z, x_n = (x @ w["weight_ih"].T + w["bias_ih"]).chunk(3, dim=1)
    (w_r, w_z, w_n), (b_r, b_z, b_n) = w["weight_hh"].chunk(3), w["bias_hh"].chunk(3)
    r, z = torch.sigmoid(x_r + h @ w_r.T + b_r), torch.sigmoid(x_z + h @ w_z.T + b_z)
    product = r * (h @ w_n.T + b_n) if reset_after else (r * h) @ w_n.T + b_n
    return ((1 - z) * torch.tanh(x_n + product) + z * h,)


@dataclass(frozen=True)
class Cell:
    """A cell whose states and their gradients always come as tuples."""

    kind: str
    params_class: type
    torch_step: Callable
    settings: dict = field(default_factory=dict)
    init: dict = field(default_factory=dict)
    module: Callable | None = None
    states: int = 1

    def draw(self, seed, T, N, D, H, scale=1.0):
        """Inputs, first states, parameters with biases far from zero, upstream gradients."""
        rng = np.random.default_rng(seed)
        params = self.params_class.init(rng, D, H, **self.settings, **self.init)
        params = params.replace(**{k: scale * (a + 0.1) for k, a in params.arrays()})
        x = rng.normal(size=(T, N, D))
        first = tuple(rng.normal(size=(N, H)) for _ in range(self.states))
        upstream = tuple(rng.normal(size=(T, N, H)) for _ in range(self.states))
        return x, first, params, upstream

    def forward(self, x, first, params, mask=None):
        *states, cache = getattr(rnn, f"{self.kind}_forward")(x, *first, params, mask)
        return tuple(states), cache

    def backward(self, upstream, cache):
        dx, *dfirst, dparams = getattr(rnn, f"{self.kind}_backward")(*upstream, cache)
        return dx, tuple(dfirst), dparams

    def step_forward(self, x, states, params):
        *states, cache = getattr(rnn, f"{self.kind}_step_forward")(x, *states, params)
        return tuple(states), cache

    def step_backward(self, upstream, cache):
        dx, *dstates, dparams = getattr(rnn, f"{self.kind}_step_backward")(*upstream, cache)
        return dx, tuple(dstates), dparams

    def torch_module(self, params):
        module = self.module(params.input_size, params.hidden_size, dtype=torch.float64)
        module.load_state_dict({k: torch.tensor(v) for k, v in params.to_state_dict().items()})
        return module


def gru(reset_after, module=None):
    return Cell(
        "gru",
        GRUParams,
        lambda x, states, w: gru_step(x, states, w, reset_after),
        {"reset_after": reset_after},
        module=module,
    )


def packed(states):
    """States as the library takes them: one array, or the LSTM's pair."""
    return states[0] if len(states) == 1 else states


def parts(state):
    """The same states as a tuple."""
    return state if isinstance(state, tuple) else (state,)


CELLS = {
    "tanh": Cell("rnn", RNNParams, tanh_step, module=torch.nn.RNN),
    "relu": Cell(
        "rnn",
        RNNParams,
        relu_step,
        {"nonlinearity": "relu"},
        module=lambda *a, **k: torch.nn.RNN(*a, nonlinearity="relu", **k),
    ),
    "lstm": Cell("lstm", LSTMParams, lstm_step, module=torch.nn.LSTM, states=2),
    "lstm with peepholes": Cell("lstm", LSTMParams, lstm_step, init={"peephole": True}, states=2),
    "gru, reset after": gru(True, torch.nn.GRU),
    "gru, reset before": gru(False),
}
