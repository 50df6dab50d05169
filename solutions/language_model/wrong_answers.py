"""Mistakes that people make in the assignment on language models, each with its hint."""

import numpy as np

from rnncore.checking import wrong_answer

# --------------------------------------------------------------------------------- fair_units

wrong_answer(
    "fair_units",
    hint="You spread a word's bits over four characters. The blank after it is a character, too.",
    value={
        "bits_of_A": 1.5,
        "perplexity_of_A": 2.8284,
        "words_of_B": 64.0,
        "bytes_of_B": 187.5,
    },
)
wrong_answer(
    "fair_units",
    hint="Your numbers mix nats and bits. Take logarithms to the base 2 throughout.",
    value={
        "bits_of_A": 0.8318,
        "perplexity_of_A": 2.2974,
        "words_of_B": 1808.04,
        "bytes_of_B": 187.5,
    },
)
wrong_answer(
    "fair_units",
    hint="You divided and multiplied perplexities. Bits add up along a text; perplexities do not.",
    value={"bits_of_A": 3.678, "perplexity_of_A": 12.8, "words_of_B": 14.1421, "bytes_of_B": 187.5},
)
wrong_answer(
    "fair_units",
    hint="Your last number is in bits. Eight of them make a byte.",
    value={
        "bits_of_A": 1.2,
        "perplexity_of_A": 2.2974,
        "words_of_B": 181.02,
        "bytes_of_B": 1500.0,
    },
)

# --------------------------------------------------------------------------- joint_perplexity


@wrong_answer(
    "joint_perplexity",
    hint="You averaged the perplexities themselves. Average the losses and take the exponential "
    "at the end.",
)
def mean_of_perplexities_by_length(perplexities, lengths):
    return float(np.sum(lengths * perplexities) / np.sum(lengths))


@wrong_answer(
    "joint_perplexity",
    hint="Every file counts the same in your mean, but a long file has more symbols.",
)
def lengths_ignored(perplexities, lengths):
    return float(np.exp(np.mean(np.log(perplexities))))


@wrong_answer(
    "joint_perplexity",
    hint="You averaged the perplexities themselves, and every file counts the same.",
)
def plain_mean(perplexities, lengths):
    return float(np.mean(perplexities))


@wrong_answer(
    "joint_perplexity",
    hint="That is the joint loss. The perplexity is its exponential.",
)
def loss_for_perplexity(perplexities, lengths):
    return float(np.sum(lengths * np.log(perplexities)) / np.sum(lengths))


@wrong_answer(
    "joint_perplexity",
    hint="You averaged probabilities, the inverses of the perplexities. Average their logarithms.",
)
def harmonic_mean(perplexities, lengths):
    return float(np.sum(lengths) / np.sum(lengths / perplexities))


# ---------------------------------------------------------------------------------- best_loss


def _entropies(transitions):
    return -(transitions * np.log(transitions)).sum(axis=1)


@wrong_answer(
    "best_loss",
    hint="You average the rows' entropies as if all symbols came equally often.",
)
def every_symbol_equally_often(transitions):
    return float(_entropies(transitions).mean())


@wrong_answer(
    "best_loss",
    hint="That is the entropy of the frequencies, the loss of the best unigram. A better model "
    "knows which symbol came before.",
)
def entropy_of_the_shares(transitions):
    shares = np.linalg.matrix_power(transitions, 4096)[0]
    return float(-(shares * np.log(shares)).sum())


@wrong_answer(
    "best_loss",
    hint="Your result is in bits; nats are asked for.",
)
def in_bits(transitions):
    shares = np.linalg.matrix_power(transitions, 4096)[0]
    return float(shares @ _entropies(transitions) / np.log(2))


@wrong_answer(
    "best_loss",
    hint="Your shares are those after one step from an even start. Go on until they no longer "
    "change.",
)
def one_step_from_even_shares(transitions):
    return float(transitions.mean(axis=0) @ _entropies(transitions))


@wrong_answer(
    "best_loss",
    hint="You took the entropies of the columns. Row i says what comes after symbol i.",
)
def entropies_of_columns(transitions):
    shares = np.linalg.matrix_power(transitions, 4096)[0]
    return float(shares @ -(transitions * np.log(transitions)).sum(axis=0))


# ------------------------------------------------------------------------------- add_strength


def _counts(ids, K):
    counts = np.zeros((K, K))
    np.add.at(counts, (ids[:-1], ids[1:]), 1.0)
    return counts


@wrong_answer(
    "add_strength",
    hint="Pairs that come several times are counted once. `counts[rows, columns] += 1` writes the "
    "same sum each time; look at `np.add.at`.",
)
def pairs_counted_once(ids, K, strength):
    counts = np.full((K, K), float(strength))
    counts[ids[:-1], ids[1:]] += 1
    return counts / counts.sum(axis=1, keepdims=True)


@wrong_answer(
    "add_strength",
    hint="Your table is turned round: row i should say what comes after symbol i.",
)
def rows_and_columns_swapped(ids, K, strength):
    counts = _counts(ids, K).T + strength
    return counts / counts.sum(axis=1, keepdims=True)


@wrong_answer(
    "add_strength",
    hint="Your columns add up to 1 where your rows should.",
)
def columns_add_up_to_one(ids, K, strength):
    counts = _counts(ids, K) + strength
    return counts / counts.sum(axis=0, keepdims=True)


@wrong_answer(
    "add_strength",
    hint="Your rows do not add up to 1: the pretended pairs are missing in the sum that you divide "
    "by.",
)
def pretended_pairs_not_in_the_sum(ids, K, strength):
    counts = _counts(ids, K)
    return (counts + strength) / np.maximum(counts.sum(axis=1, keepdims=True), 1)


@wrong_answer(
    "add_strength",
    hint="You divide by the sum over the whole table. Each row is a distribution of its own.",
)
def one_sum_for_the_table(ids, K, strength):
    counts = _counts(ids, K) + strength
    return counts / counts.sum()


@wrong_answer(
    "add_strength",
    hint="You always add 1, whatever the strength.",
)
def one_is_added(ids, K, strength):
    counts = _counts(ids, K) + 1
    return counts / counts.sum(axis=1, keepdims=True)


# --------------------------------------------------------------------------------- with_cache


def _cached(model, ids, share, past):
    mixed = model.copy()
    for t in range(len(ids)):
        recent = past(t)
        if len(recent):
            frequencies = np.bincount(recent, minlength=model.shape[1]) / len(recent)
            mixed[t] = (1 - share) * model[t] + share * frequencies
    return mixed


@wrong_answer(
    "with_cache",
    hint="Symbol t is in its own cache, so your model has seen the answer. End the cache before t.",
)
def the_answer_in_the_cache(model, ids, window, share):
    return _cached(model, ids, share, lambda t: ids[max(0, t + 1 - window) : t + 1])


@wrong_answer(
    "with_cache",
    hint="Your cache never forgets. Only the last symbols, as many as the window, are in it.",
)
def window_ignored(model, ids, window, share):
    return _cached(model, ids, share, lambda t: ids[:t])


@wrong_answer(
    "with_cache",
    hint="The first row lost a part of its probability: with an empty cache the model keeps "
    "everything.",
)
def first_row_shrunk(model, ids, window, share):
    mixed = _cached(model, ids, share, lambda t: ids[max(0, t - window) : t])
    mixed[0] = (1 - share) * model[0]
    return mixed


@wrong_answer(
    "with_cache",
    hint="Near the beginning you divide by the whole window, though fewer symbols are in it.",
)
def divided_by_the_window(model, ids, window, share):
    mixed = model.copy()
    for t in range(1, len(ids)):
        recent = ids[max(0, t - window) : t]
        frequencies = np.bincount(recent, minlength=model.shape[1]) / window
        mixed[t] = (1 - share) * model[t] + share * frequencies
    return mixed


@wrong_answer(
    "with_cache",
    hint="The two weights are swapped: the share belongs to the cache.",
)
def weights_swapped(model, ids, window, share):
    return _cached(model, ids, 1 - share, lambda t: ids[max(0, t - window) : t])


@wrong_answer(
    "with_cache",
    hint="Your cache is one symbol too short.",
)
def window_one_too_short(model, ids, window, share):
    return _cached(model, ids, share, lambda t: ids[max(0, t - window + 1) : t])


# --------------------------------------------------------------------------------- best_share

_SHARES = np.linspace(0, 1, 101)


@wrong_answer(
    "best_share",
    hint="You mixed the logarithms, so the best weight is always at an end. Mix the probabilities.",
)
def logarithms_mixed(net, table):
    losses = [-(w * np.log(net) + (1 - w) * np.log(table)).mean() for w in _SHARES]
    return float(_SHARES[int(np.argmin(losses))])


@wrong_answer(
    "best_share",
    hint="That is the weight of the table. The net's is asked for.",
)
def weight_of_the_table(net, table):
    losses = [-np.log((1 - w) * net + w * table).mean() for w in _SHARES]
    return float(_SHARES[int(np.argmin(losses))])


@wrong_answer(
    "best_share",
    hint="Your mixture has the worst loss of all. The loss is the surprise, with its minus sign.",
)
def worst_mixture(net, table):
    losses = [-np.log(w * net + (1 - w) * table).mean() for w in _SHARES]
    return float(_SHARES[int(np.argmax(losses))])


@wrong_answer(
    "best_share",
    hint="You count how often the net is the better one. Where it is far better counts for more: "
    "compute the losses.",
)
def share_of_victories(net, table):
    return float(np.round((net > table).mean(), 2))


# ------------------------------------------------------------------------------- not_too_rare


def _softmax(logits):
    raised = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return raised / raised.sum(axis=-1, keepdims=True)


@wrong_answer(
    "not_too_rare",
    hint="Your threshold is the same everywhere. It is a share of the likeliest symbol's "
    "probability.",
)
def fixed_threshold(logits, share):
    p = _softmax(logits)
    kept = np.where((p >= share) | (p == p.max(axis=1, keepdims=True)), p, 0.0)
    return kept / kept.sum(axis=1, keepdims=True)


@wrong_answer(
    "not_too_rare",
    hint="Your rows do not add up to 1. What is left over is spread over the symbols that stay.",
)
def not_renormalised(logits, share):
    p = _softmax(logits)
    return np.where(p >= share * p.max(axis=1, keepdims=True), p, 0.0)


@wrong_answer(
    "not_too_rare",
    hint="You compare logits. A share of the likeliest means a ratio of probabilities, which is a "
    "difference of logits.",
)
def ratio_of_logits(logits, share):
    kept = np.where(logits >= share * logits.max(axis=1, keepdims=True), logits, -np.inf)
    raised = np.exp(kept - logits.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True)


@wrong_answer(
    "not_too_rare",
    hint="The likeliest symbol of all rows decides for each row. Every row has its own.",
)
def one_maximum_for_all_rows(logits, share):
    p = _softmax(logits)
    kept = np.where((p >= share * p.max()) | (p == p.max(axis=1, keepdims=True)), p, 0.0)
    return kept / kept.sum(axis=1, keepdims=True)


@wrong_answer(
    "not_too_rare",
    hint="You keep a nucleus: symbols until their sum reaches the share. Here each is compared "
    "with the likeliest.",
)
def nucleus(logits, share):
    p = _softmax(logits)
    order = np.argsort(-p, axis=1)
    before = np.cumsum(np.take_along_axis(p, order, axis=1), axis=1)
    before -= np.take_along_axis(p, order, axis=1)
    keep = np.zeros(p.shape, dtype=bool)
    np.put_along_axis(keep, order, before < share, axis=1)
    kept = np.where(keep, p, 0.0)
    return kept / kept.sum(axis=1, keepdims=True)


# ------------------------------------------------------------------------------------ typical


def _nearest(logits, share, distance, extra=1):
    p = _softmax(logits)
    order = np.argsort(distance(p), kind="stable")
    kept = np.zeros(len(p), dtype=bool)
    kept[order[: int((np.cumsum(p[order]) < share).sum()) + extra]] = True
    return kept


def _entropy(p):
    return -(p * np.log(p)).sum()


@wrong_answer(
    "typical",
    hint="You keep a nucleus: the likeliest first. Here the order is by the distance of the "
    "surprise from the entropy.",
)
def nucleus_for_typical(logits, share):
    return _nearest(logits, share, lambda p: -p)


@wrong_answer(
    "typical",
    hint="Your order lacks the absolute value, so the least or greatest surprise comes first.",
)
def distance_without_absolute_value(logits, share):
    return _nearest(logits, share, lambda p: _entropy(p) + np.log(p))


@wrong_answer(
    "typical",
    hint="The symbol with which the sum reaches the share is missing.",
)
def crossing_symbol_left_out(logits, share):
    return _nearest(logits, share, lambda p: np.abs(-np.log(p) - _entropy(p)), extra=0)


@wrong_answer(
    "typical",
    hint="You mix nats and bits: surprise and entropy need the same logarithm.",
)
def entropy_in_bits(logits, share):
    return _nearest(logits, share, lambda p: np.abs(-np.log(p) - _entropy(p) / np.log(2)))


@wrong_answer(
    "typical",
    hint="You begin with the symbols farthest from the entropy. The nearest come first.",
)
def farthest_first(logits, share):
    return _nearest(logits, share, lambda p: -np.abs(-np.log(p) - _entropy(p)))


# ----------------------------------------------------------------------------- mended_penalty


def _seen(logits, written):
    seen = np.zeros(len(logits), dtype=bool)
    seen[written] = True
    return seen


@wrong_answer(
    "mended_penalty",
    hint="A negative logit that is divided comes nearer to zero, so the symbol gets likelier.",
)
def negative_logits_divided(logits, written, penalty):
    return np.where(_seen(logits, written), logits / penalty, logits)


@wrong_answer(
    "mended_penalty",
    hint="A symbol that was written twice is punished twice.",
)
def punished_for_each_time(logits, written, penalty):
    lowered = logits.copy()
    for k in written:
        lowered[k] = lowered[k] / penalty if lowered[k] > 0 else lowered[k] * penalty
    return lowered


@wrong_answer(
    "mended_penalty",
    hint="Your result is right, and the caller's logits are changed. Work on a copy.",
)
def logits_of_the_caller_changed(logits, written, penalty):
    seen = _seen(logits, written)
    logits[seen] = np.where(logits > 0, logits / penalty, logits * penalty)[seen]
    return logits


@wrong_answer(
    "mended_penalty",
    hint="You lower the symbols that were not written, and leave those that were.",
)
def others_punished(logits, written, penalty):
    lowered = np.where(logits > 0, logits / penalty, logits * penalty)
    return np.where(_seen(logits, written), logits, lowered)


@wrong_answer(
    "mended_penalty",
    hint="You divide and multiply the wrong way round, so that what was written gets likelier.",
)
def raised_for_lowered(logits, written, penalty):
    raised = np.where(logits > 0, logits * penalty, logits / penalty)
    return np.where(_seen(logits, written), raised, logits)


@wrong_answer(
    "mended_penalty",
    hint="You subtract the penalty. It is a factor.",
)
def penalty_subtracted(logits, written, penalty):
    return np.where(_seen(logits, written), logits - penalty, logits)


# ------------------------------------------------------------------------------ mended_stream


def _pieces(ids, steps, rows, last=1):
    length = (len(ids) - last) // (steps * rows) * steps
    return [ids[shift : shift + rows * length].reshape(rows, length).T for shift in (0, 1)]


@wrong_answer(
    "mended_stream",
    hint="Neighbouring symbols stand side by side in your rows, so each row reads every so many "
    "symbols. Lay out the rows first, then time.",
)
def text_runs_across_the_rows(ids, steps, rows):
    length = (len(ids) - 1) // (steps * rows) * steps
    return tuple(ids[shift : shift + rows * length].reshape(-1, steps, rows) for shift in (0, 1))


@wrong_answer(
    "mended_stream",
    hint="Each of your batches is right by itself, but a row does not go on in the next batch "
    "where it stopped in this one.",
)
def rows_jump_between_batches(ids, steps, rows):
    batches = (len(ids) - 1) // (steps * rows)
    return tuple(
        ids[shift : shift + batches * steps * rows].reshape(batches, rows, steps).transpose(0, 2, 1)
        for shift in (0, 1)
    )


@wrong_answer(
    "mended_stream",
    hint="The last target of each row is the first symbol of the same row. The text goes on: cut "
    "inputs and targets from it separately, one symbol apart.",
)
def targets_go_round(ids, steps, rows):
    pieces = _pieces(ids, steps, rows)[0]
    targets = np.roll(pieces, -1, axis=0)
    return pieces.reshape(-1, steps, rows), targets.reshape(-1, steps, rows)


@wrong_answer(
    "mended_stream",
    hint="Your targets are the inputs themselves. The symbol after each is asked for.",
)
def targets_equal_inputs(ids, steps, rows):
    pieces = _pieces(ids, steps, rows)[0].reshape(-1, steps, rows)
    return pieces, pieces


@wrong_answer(
    "mended_stream",
    hint="Your targets are those of the row beside. Time is the first axis here.",
)
def targets_of_the_next_row(ids, steps, rows):
    pieces = _pieces(ids, steps, rows)[0]
    targets = np.roll(pieces, -1, axis=1)
    return pieces.reshape(-1, steps, rows), targets.reshape(-1, steps, rows)


@wrong_answer(
    "mended_stream",
    hint="Inputs and targets are swapped.",
)
def inputs_for_targets(ids, steps, rows):
    inputs, targets = (piece.reshape(-1, steps, rows) for piece in _pieces(ids, steps, rows))
    return targets, inputs


# ------------------------------------------------------------------------------ tied_gradient


@wrong_answer(
    "tied_gradient",
    hint="A symbol that was looked up twice has one of its gradients only. `dE[ids] += dx` writes "
    "once; look at `np.add.at`.",
)
def look_ups_overwritten(ids, dx, h, dlogits):
    dE = dlogits.T @ h
    dE[ids] += dx
    return dE


@wrong_answer(
    "tied_gradient",
    hint="That is the part of the read-out. The embedding has a part, too.",
)
def read_out_alone(ids, dx, h, dlogits):
    return dlogits.T @ h


@wrong_answer(
    "tied_gradient",
    hint="That is the part of the embedding. The read-out has a part, too.",
)
def embedding_alone(ids, dx, h, dlogits):
    dE = np.zeros((dlogits.shape[1], dx.shape[1]))
    np.add.at(dE, ids, dx)
    return dE


@wrong_answer(
    "tied_gradient",
    hint="You average the two parts. One matrix in two places gets the sum.",
)
def mean_of_both_parts(ids, dx, h, dlogits):
    dE = dlogits.T @ h
    np.add.at(dE, ids, dx)
    return dE / 2


@wrong_answer(
    "tied_gradient",
    hint="Your gradients of the look-ups replace what was in their rows. Add them.",
)
def look_ups_replace(ids, dx, h, dlogits):
    dE = dlogits.T @ h
    dE[ids] = dx
    return dE


@wrong_answer(
    "tied_gradient",
    hint="You divide by the number of rows. The mean, if there is one, is in the gradients that "
    "come in.",
)
def mean_over_the_rows(ids, dx, h, dlogits):
    dE = dlogits.T @ h
    np.add.at(dE, ids, dx)
    return dE / len(ids)
