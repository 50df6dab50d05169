"""Helpers beside the student's modules: raw arrays, equal to what torch and differences give."""

import numpy as np
import pytest
import torch

from rnncore.checking import StudentError, call, check, recording, run_beside
from rnncore.checking.plain import NotPlain
from tests.checking.remote import Answers

T, N, D, H = 4, 3, 2, 5
RNG = np.random.default_rng(0)
X = RNG.normal(size=(T, N, D))
STATE = (RNG.normal(size=(1, N, H)), RNG.normal(size=(1, N, H)))
WEIGHTS = {
    name: RNG.normal(size=tuple(value.shape))
    for name, value in torch.nn.LSTM(D, H).state_dict().items()
}
UPSTREAM = (RNG.normal(size=(T, N, H)), RNG.normal(size=(1, N, H)), RNG.normal(size=(1, N, H)))


def lstm(*_):
    return torch.nn.LSTM(D, H)


class Embedded(torch.nn.Module):
    """Reads whole numbers, ignores one input, and gives an output without a gradient."""

    def __init__(self, size):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.arange(size, dtype=torch.float32))
        self.register_buffer("seen", torch.zeros(2))

    def forward(self, ids, ignored, nothing=None):
        chosen = self.weight[ids]
        return {"a": 1}["a"] * chosen, (chosen.argmax(), None)


def loss(x, state, weights):
    module = torch.nn.LSTM(D, H).double()
    module.load_state_dict({name: torch.tensor(value) for name, value in weights.items()})
    y, (h, c) = module(torch.tensor(x), tuple(map(torch.tensor, state)))
    parts = zip((y, h, c), UPSTREAM, strict=True)
    return sum(float((out.detach().numpy() * up).sum()) for out, up in parts)


def difference(array, entry, evaluate):
    """The centred difference of a loss with respect to one entry."""
    ends = []
    for step in (1e-6, -1e-6):
        moved = array.copy()
        moved[entry] += step
        ends.append(evaluate(moved))
    return (ends[0] - ends[1]) / 2e-6


@pytest.mark.parametrize("side", ["here", "there"])
@pytest.mark.parametrize("module", [torch.nn.LSTM, lstm, torch.nn.LSTM(D, H)])
def test_forwards_and_backwards_are_those_of_torch(side, module):
    answer = module if side == "here" else Answers(module=module).handle("module")
    found = run_beside("torch_forward_backward", answer, WEIGHTS, (X, STATE), UPSTREAM, (D, H))
    twin = torch.nn.LSTM(D, H).double()
    twin.load_state_dict({name: torch.tensor(value) for name, value in WEIGHTS.items()})
    y, state = twin(torch.tensor(X), tuple(map(torch.tensor, STATE)))
    check("outputs", found["outputs"], (y, *state))
    dx, (dh, dc) = found["inputs"]
    for name, gradient in found["weights"].items():
        entry = tuple(size - 1 for size in gradient.shape)
        expected = difference(
            WEIGHTS[name], entry, lambda moved, name=name: loss(X, STATE, {**WEIGHTS, name: moved})
        )
        assert gradient[entry] == pytest.approx(expected, rel=1e-6, abs=1e-7)
    assert found["weights"].keys() == WEIGHTS.keys()
    expected = difference(X, (2, 1, 1), lambda moved: loss(moved, STATE, WEIGHTS))
    assert dx[2, 1, 1] == pytest.approx(expected, rel=1e-6)
    expected = difference(STATE[0], (0, 2, 3), lambda moved: loss(X, (moved, STATE[1]), WEIGHTS))
    assert dh[0, 2, 3] == pytest.approx(expected, rel=1e-6)
    expected = difference(STATE[1], (0, 2, 3), lambda moved: loss(X, (STATE[0], moved), WEIGHTS))
    assert dc[0, 2, 3] == pytest.approx(expected, rel=1e-6)


def test_a_students_module_stays_as_it_was():
    module = torch.nn.LSTM(D, H)
    before = {name: value.clone() for name, value in module.state_dict().items()}
    run_beside("torch_forward_backward", module, WEIGHTS, (X, STATE), UPSTREAM)
    for name, value in module.state_dict().items():
        assert torch.equal(value, before[name])
        assert value.dtype == torch.float32
    assert all(parameter.grad is None for parameter in module.parameters())


def test_whole_numbers_unused_inputs_and_outputs_without_gradient():
    ids, ignored = np.array([1, 1, 3]), np.ones(2, np.float32)
    upstream = (np.array([1.0, 2.0, 4.0], np.float32), None)
    found = run_beside(
        "torch_forward_backward", Embedded, None, (ids, ignored, None), upstream, (5,)
    )
    check("outputs", found["outputs"], (np.array([1, 1, 3], np.float32), np.array(2)))
    check("inputs", found["inputs"], (None, np.zeros(2, np.float32), None))
    check("weights", found["weights"], {"weight": np.array([0, 3, 0, 4, 0], np.float32)})
    silent = run_beside(
        "torch_forward_backward", Embedded, None, (ids, ignored), (None, None), (5,)
    )
    check("weights", silent["weights"], {"weight": np.zeros(5, np.float32)})


@pytest.mark.parametrize("upstream", [UPSTREAM[:2], (UPSTREAM[0][1:], *UPSTREAM[1:])])
def test_outputs_of_another_shape_come_without_gradients(upstream):
    found = run_beside("torch_forward_backward", lstm, WEIGHTS, (X, STATE), upstream)
    assert len(found["outputs"]) == 3
    assert found["inputs"] == (None, (None, None))
    assert set(found["weights"].values()) == {None}


def test_the_state_dict_is_arrays_by_name():
    found = run_beside("torch_state_dict", Embedded, (3,))
    expected = {"weight": np.arange(3, dtype=np.float32), "seen": np.zeros(2, np.float32)}
    check("state", found, expected)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((lambda: 3, None, (), ()), "TypeError: a torch.nn.Module was expected, got int"),
        ((None, None, (), ()), "TypeError: 'NoneType' object is not callable"),
        ((lstm, {"weight": np.ones(2)}, (X,), UPSTREAM), "RuntimeError.*Missing key"),
        ((lstm, WEIGHTS, (X[0, 0],), UPSTREAM), "ValueError.*Expected input"),
        ((lambda: Shouting(), None, (X,), UPSTREAM), "the module gave str where a tensor"),
    ],
)
@pytest.mark.parametrize("side", ["here", "there"])
def test_what_goes_wrong_there_is_a_student_error(side, arguments, words):
    module, *others = arguments
    answer = module if side == "here" else Answers(module=module).handle("module")
    with pytest.raises(StudentError, match=words):
        run_beside("torch_forward_backward", answer, *others)


class Shouting(torch.nn.Module):
    def forward(self, x):
        return "x"


def test_an_unknown_helper_is_the_authors_mistake():
    with pytest.raises(ValueError, match="run_beside knows no 'exec'; there are torch_forward_"):
        run_beside("exec", lstm)


def test_what_cannot_be_sent_is_the_authors_mistake():
    answers, others = Answers(module=lstm), Answers(module=lstm)
    with pytest.raises(TypeError, match=r"argument 2 of run_beside .* got a function"):
        run_beside("torch_state_dict", answers.handle("module"), lstm)
    with pytest.raises(ValueError, match="different sandboxes"):
        run_beside("torch_state_dict", answers.handle("module"), others.handle("module"))
    assert answers.asked == others.asked == []


def test_a_helper_cannot_change_the_arguments():
    class Spoiler(torch.nn.Module):
        def forward(self, x):
            with torch.no_grad():
                x.zero_()
            return x

    x = np.ones(2)
    run_beside("torch_forward_backward", Spoiler, None, (x,), (np.ones(2),))
    assert x.tolist() == [1, 1]


@pytest.mark.parametrize("side", ["here", "there"])
def test_a_record_knows_what_ran_beside(side):
    answer = Embedded if side == "here" else Answers(module=Embedded).handle("module")
    with recording() as record:
        result = run_beside("torch_state_dict", answer, (3,))
    (entry,) = record.calls
    assert (entry.function, entry.beside) == ("torch_state_dict", True)
    assert entry.args[0] is answer
    assert entry.args[1] == (3,)
    check("state", entry.result, result)


def test_a_module_itself_is_no_plain_data():
    assert call(lstm) == NotPlain("an LSTM")
