"""Classifier, tagger and language model: masks, order, what they learn, and wrong calls."""

import numpy as np
import pytest
import torch

from rnncore import torch as ours
from rnncore.numpy import next_token_probabilities, softmax_cross_entropy
from rnncore.torch.classifier import POOLINGS

T, N, D, H, K, V = 7, 6, 3, 5, 4, 8

CELLS = {"rnn": ours.RNN, "lstm": ours.LSTM, "gru": ours.GRU}


def classifier(pooling):
    return lambda **settings: ours.Classifier(K, D, H, pooling, **settings)


MODELS = {
    **{f"classifier, {pooling}": classifier(pooling) for pooling in POOLINGS},
    "tagger": lambda **settings: ours.Tagger(K, D, H, **settings),
}

every_model = pytest.mark.parametrize("name", MODELS)
both_inputs = pytest.mark.parametrize("symbols", [None, V])


def build(name, seed=0, **settings):
    torch.manual_seed(seed)
    return MODELS[name](dtype=torch.float64, **settings)


def draw(symbols, steps=T, seed=1):
    generator = torch.Generator().manual_seed(seed)
    if symbols:
        return torch.randint(symbols, (steps, N), generator=generator)
    return torch.randn((steps, N, D), generator=generator, dtype=torch.float64)


def mask_of(lengths, steps=T):
    return torch.arange(steps)[:, None] < torch.as_tensor(lengths)


def spoil(x, mask):
    """Put what must not be read where the mask is False."""
    if x.dtype == torch.int64:
        return torch.where(mask, x, -7)
    return torch.where(mask[..., None], x, torch.nan)


@every_model
@both_inputs
@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("bidirectional", [False, True])
def test_logits_are_of_the_promised_shape(name, symbols, cell, bidirectional):
    model = build(name, symbols=symbols, cell=CELLS[cell], bidirectional=bidirectional)
    logits = model(draw(symbols))
    assert logits.shape == ((T, N, K) if name == "tagger" else (N, K))
    assert logits.dtype == torch.float64
    assert {p.dtype for p in model.parameters()} == {torch.float64}


@every_model
@both_inputs
@pytest.mark.parametrize("bidirectional", [False, True])
def test_padding_and_holes_change_no_answer_and_no_gradient(name, symbols, bidirectional):
    model = build(name, symbols=symbols, bidirectional=bidirectional, num_layers=2)
    x = draw(symbols, 4)
    places = torch.tensor([1, 2, 4, 6])
    mask = torch.zeros(T, N, dtype=torch.bool)
    mask[places] = True
    apart = torch.zeros(T, *x.shape[1:], dtype=x.dtype)
    apart[places] = x
    apart = spoil(apart, mask)
    targets = torch.arange(N) % K
    if name == "tagger":
        targets = targets.repeat(4, 1)
        apart_targets = torch.full((T, N), -1)
        apart_targets[places] = targets
    else:
        apart_targets = targets
    logits = model(apart, mask)
    chosen = logits[places] if name == "tagger" else logits
    torch.testing.assert_close(chosen, model(x), rtol=0, atol=1e-12)
    gradients = []
    for inputs, wanted, real in ((x, targets, None), (apart, apart_targets, mask)):
        model.zero_grad()
        model.loss(inputs, wanted, real).backward()
        gradients.append([p.grad for p in model.parameters()])
    for a, b in zip(*gradients, strict=True):
        assert a.any()
        torch.testing.assert_close(a, b, rtol=0, atol=1e-12)


@every_model
@both_inputs
def test_permuting_the_batch_permutes_the_answers(name, symbols):
    model = build(name, symbols=symbols, bidirectional=True)
    x, mask = draw(symbols), mask_of([7, 1, 3, 5, 2, 6])
    order = torch.tensor([3, 0, 5, 1, 4, 2])
    axis = 1 if name == "tagger" else 0
    expected = model(x, mask).index_select(axis, order)
    torch.testing.assert_close(model(x[:, order], mask[:, order]), expected, rtol=0, atol=1e-12)
    assert not torch.allclose(model(x, mask), expected)


@pytest.mark.parametrize("pooling", POOLINGS)
def test_poolings_are_what_they_say_over_real_steps(pooling):
    model = build(f"classifier, {pooling}", bidirectional=True, num_layers=2, cell=ours.GRU)
    x, mask = draw(None), mask_of([7, 1, 3, 5, 2, 0])
    logits = model(x, mask)
    for n, length in enumerate([7, 1, 3, 5, 2]):
        h, _ = model.encoder(x[:length, n : n + 1])
        h = h[:, 0]
        pooled = {
            "last": torch.cat((h[-1, :H], h[0, H:])),
            "mean": h.mean(dim=0),
            "max": h.amax(dim=0),
        }[pooling]
        expected = model.readout(pooled)
        torch.testing.assert_close(logits[n], expected, rtol=0, atol=1e-12)
    assert torch.equal(logits[5], model.readout(torch.zeros(2 * H, dtype=torch.float64)))
    model.loss(x, torch.zeros(N, dtype=torch.int64), mask).backward()
    assert all(p.grad.isfinite().all() for p in model.parameters())


def train(model, loss, updates):
    optimiser = torch.optim.Adam(model.parameters(), 0.02)
    for update in range(updates):
        optimiser.zero_grad()
        value = loss(update)
        value.backward()
        optimiser.step()
    return model.eval()


def toy(seed, rows=64):
    """Sequences of 4 to 10 symbols; right answers hang on both ends."""
    generator = torch.Generator().manual_seed(seed)
    ids = torch.randint(V, (10, rows), generator=generator)
    return spoil(ids, real := mask_of(torch.randint(4, 11, (rows,), generator=generator), 10)), real


@pytest.mark.parametrize("pooling", POOLINGS)
def test_a_classifier_learns_whether_a_symbol_occurred(pooling):
    def example(seed):
        ids, mask = toy(seed)
        return ids, (ids == 3).any(dim=0).long(), mask

    torch.manual_seed(0)
    model = ours.Classifier(2, 8, 16, pooling, symbols=V, cell=ours.GRU)
    train(model, lambda update: model.loss(*example(update)), 120)
    ids, targets, mask = example(10_000)
    right = (model(ids, mask).argmax(dim=1) == targets).float().mean()
    assert 0.3 < targets.float().mean() < 0.7
    assert right >= 0.97


def test_a_bidirectional_tagger_learns_what_hangs_on_both_neighbours():
    def example(seed):
        ids, mask = toy(seed)
        odd = torch.where(mask, ids % 2, 0)
        before = torch.cat((torch.zeros_like(odd[:1]), odd[:-1]))
        after = torch.cat((odd[1:], torch.zeros_like(odd[:1])))
        return ids, before * 2 + after, mask

    scores = {}
    for bidirectional in (True, False):
        torch.manual_seed(0)
        model = ours.Tagger(4, 8, 16, symbols=V, bidirectional=bidirectional)
        train(model, lambda update, model=model: model.loss(*example(update)), 150)
        ids, targets, mask = example(10_000)
        hits = model(ids, mask).argmax(dim=2) == targets
        scores[bidirectional] = hits[mask].float().mean().item()
    assert scores[True] >= 0.98
    assert scores[False] < 0.75  # half of what follows cannot be known


class TestLanguageModel:
    PATTERN = torch.tensor([0, 0, 1, 0, 0, 2])

    def model(self, **settings):
        torch.manual_seed(0)
        return ours.LanguageModel(V, D, H, dtype=torch.float64, **settings)

    @pytest.mark.parametrize("cell", CELLS)
    def test_two_pieces_with_carried_state_equal_the_whole(self, cell):
        model = self.model(cell=CELLS[cell], num_layers=2)
        ids, targets = draw(V), draw(V, seed=2)
        whole, last = model(ids)
        head, state = model(ids[:3])
        tail, end = model(ids[3:], state)
        assert whole.shape == (T, N, V)
        torch.testing.assert_close(torch.cat((head, tail)), whole, rtol=0, atol=1e-12)
        torch.testing.assert_close(end, last, rtol=0, atol=1e-12)
        nats = model.nats(ids[3:], targets[3:], state)
        torch.testing.assert_close(nats, model.nats(ids, targets)[3:], rtol=0, atol=1e-12)
        loss, _ = model.loss(ids[3:], targets[3:], state)
        torch.testing.assert_close(loss, nats.mean())

    def test_loss_and_nats_count_real_targets_alone(self):
        model = self.model()
        ids, targets, mask = draw(V), draw(V, seed=2), mask_of([7, 1, 3, 5, 2, 0])
        nats = model.nats(spoil(ids, mask), spoil(targets, mask), mask=mask)
        expected = model.nats(ids, targets)
        torch.testing.assert_close(nats[mask], expected[mask], rtol=0, atol=1e-12)
        assert not nats[~mask].any()
        loss, _ = model.loss(spoil(ids, mask), spoil(targets, mask), mask=mask)
        torch.testing.assert_close(loss, nats.sum() / 18)

    def test_no_symbol_sees_those_after_it(self):
        model = self.model()
        ids = draw(V)
        changed = ids.clone()
        changed[4:] = (ids[4:] + 1) % V
        assert torch.equal(model(ids)[0][:4], model(changed)[0][:4])

    def test_it_learns_a_pattern_and_goes_on_with_it(self):
        torch.manual_seed(0)
        model = ours.LanguageModel(3, 4, 12, cell=ours.GRU)
        text = self.PATTERN.repeat(40)
        starts = torch.arange(12)

        def loss(update):
            ids = torch.stack([text[s : s + 19] for s in starts + update % 6], dim=1)
            return model.loss(ids[:-1], ids[1:])[0]

        train(model, loss, 120)
        prompt = torch.stack([text[s : s + 6] for s in starts], dim=1)
        ids = model.generate(prompt, 12, torch.Generator().manual_seed(0), top_k=1)
        wanted = torch.stack([text[s + 6 : s + 18] for s in starts], dim=1)
        assert torch.equal(ids, wanted)
        model.train()
        model.generate(prompt, 1, torch.Generator().manual_seed(0))
        assert model.training

    def test_drawing_symbol_by_symbol_is_drawing_from_the_whole_texts_distributions(self):
        model = self.model(num_layers=2, dropout=0.5)
        prompt = draw(V)
        ids = model.generate(prompt, 5, torch.Generator().manual_seed(4), 0.7, 6, 0.9)
        again = model.generate(prompt, 5, torch.Generator().manual_seed(4), 0.7, 6, 0.9)
        assert torch.equal(ids, again)
        logits = model.eval()(torch.cat((prompt, ids)))[0][T - 1 : -1]
        generator = torch.Generator().manual_seed(4)
        for t, symbol in enumerate(ids):
            assert torch.equal(ours.sample(logits[t], generator, 0.7, 6, 0.9), symbol)


@pytest.mark.parametrize("temperature", [0.5, 1.0, 3.0])
@pytest.mark.parametrize("top_k", [None, 1, 3, 20])
@pytest.mark.parametrize("top_p", [None, 0.3, 0.8, 1.0])
def test_distributions_to_draw_from_equal_the_numpy_ones(temperature, top_k, top_p):
    logits = torch.randn((3, 4, V), generator=torch.Generator().manual_seed(0)).double()
    logits[0, 0, :4] = 5.0  # of equals the first are kept
    settings = temperature, top_k, top_p
    ours_ = ours.next_token_probabilities(logits, *settings)
    theirs = next_token_probabilities(logits.numpy(), *settings)
    np.testing.assert_allclose(ours_.numpy(), theirs, rtol=0, atol=1e-14)


def test_samples_are_as_frequent_as_they_are_likely():
    logits = torch.tensor([0.0, 1.0, -1.0]).expand(20_000, 3)
    ids = ours.sample(logits, torch.Generator().manual_seed(0))
    shares = torch.bincount(ids) / len(ids)
    torch.testing.assert_close(shares, torch.softmax(logits[0], dim=0), rtol=0, atol=0.01)


@pytest.mark.parametrize("masked", [False, True])
def test_cross_entropy_and_its_gradient_equal_the_numpy_ones(masked):
    generator = torch.Generator().manual_seed(0)
    logits = torch.randn((T, N, K), generator=generator, dtype=torch.float64)
    targets = torch.randint(K, (T, N), generator=generator)
    mask = mask_of([7, 1, 3, 5, 2, 0]) if masked else None
    if masked:
        logits[~mask], targets[~mask] = torch.nan, -1
    logits.requires_grad_()
    loss = ours.cross_entropy(logits, targets, mask)
    loss.backward()
    expected, dlogits = softmax_cross_entropy(
        logits.detach().numpy(), targets.numpy(), mask.numpy() if masked else None
    )
    assert loss.item() == pytest.approx(expected, abs=1e-12)
    np.testing.assert_allclose(logits.grad.numpy(), dlogits, rtol=0, atol=1e-12)
    total = ours.nats(logits, targets, mask).sum().item()
    assert total == pytest.approx(expected * (18 if masked else T * N))


def test_cross_entropy_without_a_real_target_is_zero():
    nothing = torch.zeros(T, N) > 0
    logits = torch.ones(T, N, K, requires_grad=True)
    loss = ours.cross_entropy(logits, torch.full((T, N), -1), nothing)
    loss.backward()
    assert loss.item() == 0
    assert not logits.grad.any()


IDS, DENSE = torch.zeros(T, N, dtype=torch.int64), torch.zeros(T, N, D)
GENERATOR = torch.Generator()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda: ours.Classifier(K, D, H, "sum"), "pooling must be one of last, mean, max, got 's"),
        (lambda: ours.Classifier(K, D, H, symbols=0), "symbols must be at least 1 or None, got 0"),
        (lambda: ours.Tagger(K, D, H, cell=torch.nn.GRU), "cell must be the class"),
        (lambda: ours.Tagger(K, D, H)(IDS), r"x must have shape \(T, N, 3\), got \(7, 6\)"),
        (lambda: ours.Tagger(K, D, H, symbols=V)(DENSE), r"x must be symbols of shape \(T, N\)"),
        (lambda: ours.Tagger(K, D, H, symbols=V)(IDS.float()), "x must be int64, got torch.float"),
        (lambda: ours.Tagger(K, D, H, symbols=V)(IDS + V), "x must lie between 0 and 7, got 8"),
        (lambda: ours.Tagger(K, D, H, symbols=V)(IDS - 1), "x must lie between 0 and 7, got -1"),
        (lambda: ours.Tagger(K, D, H, symbols=V)(IDS, IDS), "mask must be bool of shape"),
        (lambda: ours.Tagger(K, D, H)(DENSE, IDS.T > 0), r"mask must be bool of shape \(7, 6\)"),
        (lambda: ours.Tagger(K, D, H)(DENSE[:0]), "got \\(0, 6, 3\\)"),
        (lambda: ours.Tagger(K, D, H).loss(DENSE, IDS[0]), r"targets must have shape \(7, 6\)"),
        (lambda: ours.Tagger(K, D, H).loss(DENSE, IDS + K), "targets must lie between 0 and 3"),
        (lambda: ours.Tagger(K, D, H).loss(DENSE, IDS > 0), "targets must be int64, got torch.bo"),
        (lambda: ours.Classifier(K, D, H).loss(DENSE, IDS), r"targets must have shape \(6,\)"),
        (lambda: ours.LanguageModel(V, D, H, bidirectional=True), "bidirectional must be False"),
        (lambda: ours.LanguageModel(V, D, H)(IDS, DENSE), "state0 must be a pair of tensors"),
        (
            lambda: ours.LanguageModel(V, D, H).generate(IDS, 0, GENERATOR),
            "length must be at least 1, got 0",
        ),
        (
            lambda: ours.LanguageModel(V, D, H).generate(IDS, 1, GENERATOR, 0.0),
            "temperature must be above 0, got 0.0",
        ),
        (lambda: ours.sample(DENSE, GENERATOR, top_k=0), "top_k must be at least 1, got 0"),
        (lambda: ours.sample(DENSE, GENERATOR, top_p=0.0), r"top_p must lie in \(0, 1\], got 0.0"),
        (lambda: ours.sample(DENSE, GENERATOR, top_p=1.1), r"top_p must lie in \(0, 1\], got 1.1"),
        (lambda: ours.sample(DENSE * torch.nan, GENERATOR), "logits must not hold NaN"),
    ],
)
def test_a_wrong_call_names_the_argument(wrong, message):
    with pytest.raises(ValueError, match=message):
        wrong()
