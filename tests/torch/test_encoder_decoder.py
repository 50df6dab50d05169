"""The encoder-decoder: masks, teacher forcing, scheduled sampling, decoding, what it learns."""

import numpy as np
import pytest
import torch

from rnncore import torch as ours
from rnncore.numpy import beam_search

TS, TT, N, D, H, V, K = 6, 5, 4, 3, 7, 9, 8
START, END = 0, 1

KINDS = {
    "rnn, dot": {"cell": ours.RNN, "attention": "dot"},
    "gru, dot": {"cell": ours.GRU, "attention": "dot"},
    "gru, additive": {"cell": ours.GRU, "attention": "additive", "reset_after": False},
    "lstm, additive": {"cell": ours.LSTM, "attention": "additive", "peephole": True},
    "one direction": {"cell": ours.LSTM, "attention": "dot", "bidirectional": False},
}
every_kind = pytest.mark.parametrize("kind", KINDS)


def build(kind, seed=0):
    torch.manual_seed(seed)
    return ours.EncoderDecoder(V, K, D, H, START, END, dtype=torch.float64, **KINDS[kind])


def draw(seed=1):
    generator = torch.Generator().manual_seed(seed)
    source = torch.randint(V, (TS, N), generator=generator)
    target = torch.randint(2, K, (TT, N), generator=generator)
    target[-1] = END
    return source, target


def real(lengths, steps):
    return torch.arange(steps)[:, None] < torch.tensor(lengths)


@every_kind
def test_teacher_forcing_equals_stepping_through_the_target(kind):
    model, (source, target) = build(kind), draw()
    logits = model(source, target)
    assert logits.shape == (TT, N, K)
    state, ids = model.encode(source), torch.full((N,), START)
    for t in range(TT):
        scores, state = model.step(ids, state)
        torch.testing.assert_close(scores, logits[t], rtol=0, atol=1e-12)
        ids = target[t]


@every_kind
def test_padding_and_holes_change_no_logit_and_no_gradient(kind):
    model, (source, target) = build(kind), draw()
    places = torch.tensor([0, 2, 3, 4, 7, 8])
    spread, source_mask = torch.full((10, N), -5), torch.zeros(10, N, dtype=torch.bool)
    spread[places], source_mask[places] = source, True
    longer, target_mask = torch.full((TT + 2, N), -5), real([TT] * N, TT + 2)
    longer[:TT] = target
    found = model(spread, longer, source_mask, target_mask)
    torch.testing.assert_close(found[:TT], model(source, target), rtol=0, atol=1e-12)
    gradients = []
    for arguments in ((source, target), (spread, longer, source_mask, target_mask)):
        model.zero_grad()
        model.loss(*arguments).backward()
        gradients.append([p.grad for p in model.parameters()])
    for a, b in zip(*gradients, strict=True):
        assert a.any()
        torch.testing.assert_close(a, b, rtol=0, atol=1e-12)
    assert model.greedy(spread, source_mask, 12) == model.greedy(source, None, 12)


@every_kind
def test_permuting_the_batch_permutes_the_answers(kind):
    model, (source, target) = build(kind), draw()
    masks = real([6, 2, 4, 1], TS), real([5, 3, 1, 2], TT)
    order = torch.tensor([2, 0, 3, 1])
    expected = model(source, target, *masks)[:, order]
    found = model(source[:, order], target[:, order], *(m[:, order] for m in masks))
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-12)


@every_kind
def test_no_symbol_sees_itself_or_those_after_it(kind):
    model, (source, target) = build(kind), draw()
    changed = target.clone()
    changed[2:] = (target[2:] + 1) % K
    assert torch.equal(model(source, target)[:3], model(source, changed)[:3])
    assert not torch.equal(model(source, target)[3:], model(source, changed)[3:])


@every_kind
def test_attention_weighs_real_source_symbols_alone(kind):
    model, (source, target) = build(kind), draw()
    mask = real([6, 2, 4, 1], TS)
    _, _, weights = model.decoder(target, model.encode(source, mask))
    assert weights.shape == (TT, N, TS)
    torch.testing.assert_close(weights.sum(dim=2), torch.ones(TT, N, dtype=torch.float64))
    assert not weights[:, ~mask.T].any()


class TestScheduledSampling:
    def logits(self, sampling, seed=3, target=None):
        model, (source, drawn) = build("gru, additive"), draw()
        generator = torch.Generator().manual_seed(seed)
        with torch.no_grad():
            return model(
                source, drawn if target is None else target, sampling=sampling, generator=generator
            )

    def test_hardly_any_sampling_is_teacher_forcing(self):
        torch.testing.assert_close(self.logits(1e-12), self.logits(0.0), rtol=0, atol=1e-12)

    def test_with_probability_one_the_target_is_not_read(self):
        other = draw(seed=2)[1]
        assert torch.equal(self.logits(1.0), self.logits(1.0, target=other))
        assert not torch.equal(self.logits(0.5), self.logits(0.5, target=other))

    def test_the_generator_decides_what_is_read(self):
        assert torch.equal(self.logits(0.5), self.logits(0.5))
        assert not torch.equal(self.logits(0.5), self.logits(0.5, seed=4))
        assert torch.equal(self.logits(0.5)[0], self.logits(0.0)[0])

    def test_as_many_symbols_are_replaced_as_the_probability_says(self, monkeypatch):
        model = build("gru, dot")
        read, step = [], model.step
        monkeypatch.setattr(model, "step", lambda i, s: read.append(i) or step(i, s))
        rows, generator = 500, torch.Generator().manual_seed(0)
        target = torch.full((TT, rows), 5)
        with torch.no_grad():
            model.decoder.readout.bias[5] = -100.0  # 5 is never drawn
            model(torch.ones(TS, rows).long(), target, sampling=0.3, generator=generator)
        assert len(read) == TT
        assert (read[0] == START).all()
        replaced = (torch.stack(read[1:]) != 5).float().mean().item()
        assert replaced == pytest.approx(0.3, abs=0.03)


def arrays(state):
    """A decoder's state as NumPy arrays in tuples, and back."""
    if isinstance(state, tuple):
        return tuple(arrays(part) for part in state)
    return state.numpy()


def tensors(state):
    if isinstance(state, tuple):
        return tuple(tensors(part) for part in state)
    return torch.tensor(state)


def numpy_step(model):
    @torch.no_grad()
    def step(ids, state):
        logits, state = model.step(torch.tensor(ids), tensors(state))
        return logits.numpy(), arrays(state)

    return step


@every_kind
def test_a_beam_search_takes_the_step_and_with_width_one_is_greedy(kind):
    model, (source, _) = build(kind), draw()
    mask = real([6, 2, 4, 1], TS)
    with torch.no_grad():
        model.decoder.readout.bias[END] += 0.3  # some sequences end, some are cut off
        state = arrays(model.encode(source, mask))
    start = np.full(N, START)
    found = beam_search(numpy_step(model), state, start, END, 1, 6)
    assert [list(best[0].ids) for best in found] == model.greedy(source, mask, 6)
    wide = beam_search(numpy_step(model), state, start, END, 5, 6)
    for n, best in enumerate(wide):
        for hypothesis in best:
            ids = torch.tensor([*hypothesis.ids, *[END] * hypothesis.finished])[:, None]
            logits = model(source[:, n : n + 1], ids, mask[:, n : n + 1])
            nats = ours.nats(logits, ids).sum().item()
            assert hypothesis.log_probability == pytest.approx(-nats, abs=1e-9)


@pytest.mark.parametrize("attention", ["dot", "additive"])
@pytest.mark.parametrize("cell", [ours.GRU, ours.LSTM])
def test_it_learns_to_reverse_a_sequence(attention, cell):
    def example(seed):
        generator = torch.Generator().manual_seed(seed)
        lengths = torch.randint(2, 6, (64,), generator=generator)
        source = torch.randint(2, K, (5, 64), generator=generator)
        steps = torch.arange(6)[:, None]
        mask, target_mask = steps[:5] < lengths, steps <= lengths
        places = (lengths - 1 - steps).clamp(min=0)
        target = torch.where(steps < lengths, source.gather(0, places), END)
        return source, target, mask, target_mask

    torch.manual_seed(0)
    model = ours.EncoderDecoder(K, K, 16, 32, START, END, attention, cell)
    optimiser = torch.optim.Adam(model.parameters(), 0.01)
    generator = torch.Generator().manual_seed(0)
    for update in range(250):
        optimiser.zero_grad()
        loss = model.loss(*example(update), sampling=0.1 * (update > 200), generator=generator)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
    source, target, mask, target_mask = example(10_000)
    found = model.greedy(source, mask, 10)
    wanted = [target[target_mask[:, n], n][:-1].tolist() for n in range(64)]
    assert np.mean([a == b for a, b in zip(found, wanted, strict=True)]) >= 0.9


def test_greedy_stops_at_the_end_or_at_the_longest_length():
    model, (source, _) = build("gru, dot"), draw()
    with torch.no_grad():
        model.decoder.readout.bias[END] = 100.0
    assert model.greedy(source) == [[]] * N
    with torch.no_grad():
        model.decoder.readout.bias[END] = -100.0
    assert [len(ids) for ids in model.greedy(source, max_length=7)] == [7] * N


def new(**settings):
    arguments = {"start": START, "end": END, **settings}
    return ours.EncoderDecoder(V, K, D, H, **arguments)


SOURCE, TARGET = draw()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda: new(start=K), r"start must lie in \[0, 8\), got 8"),
        (lambda: new(end=-1), r"end must lie in \[0, 8\), got -1"),
        (lambda: new(attention="none"), 'attention must be "dot" or "additive"'),
        (lambda: new(num_layers=2), "num_layers must be 1 here, got 2"),
        (lambda: new(cell=torch.nn.GRU), "cell must be the class"),
        (lambda: new()(SOURCE + V, TARGET), "x must lie between 0 and 8"),
        (lambda: new()(SOURCE, TARGET + K), "target must lie between 0 and 7"),
        (lambda: new()(SOURCE, TARGET.float()), "target must be int64"),
        (lambda: new()(SOURCE, TARGET[:, 1:]), "target must have shape"),
        (lambda: new()(SOURCE, TARGET[0]), "target must have shape"),
        (lambda: new()(SOURCE, TARGET, SOURCE), "mask must be bool of shape"),
        (lambda: new()(SOURCE, TARGET, None, TARGET), "mask must be bool of shape"),
        (lambda: new()(SOURCE, TARGET, None, ~real([2] * N, TT)), "only after the target, got hol"),
        (lambda: new()(SOURCE, TARGET, sampling=1.5), r"sampling must lie in \[0, 1\], got 1.5"),
        (lambda: new()(SOURCE, TARGET, sampling=0.5), "sampling of 0.5 needs generator"),
        (lambda: new().greedy(SOURCE, max_length=0), "max_length must be at least 1, got 0"),
        (lambda: new().step(TARGET[0] + K, new().encode(SOURCE)), "ids must lie between 0 and 7"),
    ],
)
def test_a_wrong_call_names_the_argument(wrong, message):
    with pytest.raises(ValueError, match=message):
        wrong()
