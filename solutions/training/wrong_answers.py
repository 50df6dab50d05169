"""Mistakes that people make in the assignment on training, each with its hint."""

import numpy as np

from rnncore.checking import wrong_answer

# --------------------------------------------------------------------------- surviving_pairs


@wrong_answer(
    "surviving_pairs",
    hint="You count the pairs of the whole sequence. A pair whose steps stand in two windows is "
    "lost.",
)
def pairs_of_the_whole_sequence(T, S, lag):
    return max(0, T - lag)


@wrong_answer(
    "surviving_pairs",
    hint="Your last window is missing. It holds what is left, and may be shorter.",
)
def last_window_dropped(T, S, lag):
    return T // S * max(0, S - lag)


@wrong_answer(
    "surviving_pairs",
    hint="Your last window counts as a whole one. It holds only the steps that are left.",
)
def last_window_taken_as_full(T, S, lag):
    return -(-T // S) * max(0, S - lag)


@wrong_answer(
    "surviving_pairs",
    hint="You have one pair too many in each window. How many steps of S have a partner that lies "
    "lag steps on?",
)
def one_pair_too_many(T, S, lag):
    full, rest = divmod(T, S)
    return full * max(0, S - lag + 1) + max(0, rest - lag + 1)


@wrong_answer(
    "surviving_pairs",
    hint="A window that is shorter than the lag takes pairs away from your others. It has none.",
)
def negative_counts_kept(T, S, lag):
    full, rest = divmod(T, S)
    return full * (S - lag) + (rest - lag)


@wrong_answer(
    "surviving_pairs",
    hint="Yours is the share for a long sequence times its length. Windows are cut whole, so count "
    "the pairs in each.",
)
def limit_for_long_sequences(T, S, lag):
    return int(T * max(0, S - lag) / S)


# --------------------------------------------------------------------------- truncated_slope


def _slope(a, x, window, *, carry_state=True, cut_at=0, add=0.5, read_new=False):
    h, d, slope = 0.0, 0.0, 0.0
    for t, value in enumerate(x):
        if t % window == cut_at % window and t > 0:
            d = 0.0
            h = h if carry_state else 0.0
        old = h
        h = a * h + value
        d = (h if read_new else old) + a * d
        slope += 2 * add * h * d
    return float(slope)


@wrong_answer(
    "truncated_slope",
    hint="Your slope is the exact one. At the beginning of a window the state is a number, and "
    "nothing goes back through it.",
)
def nothing_cut(a, x, window):
    return _slope(a, x, len(x) + 1)


@wrong_answer(
    "truncated_slope",
    hint="Your state begins at zero in every window. The gradient is cut there; the number "
    "goes on.",
)
def state_cut_as_well(a, x, window):
    return _slope(a, x, window, carry_state=False)


@wrong_answer(
    "truncated_slope",
    hint="You cut one step late: your first window has a step too many.",
)
def cut_one_step_late(a, x, window):
    return _slope(a, x, window, cut_at=1) if window > 1 else _slope(a, x, 2, cut_at=1)


@wrong_answer(
    "truncated_slope",
    hint="Your first step of each window has no part of its own. Its old state is a number, but a "
    "stands in front of it.",
)
def first_step_without_its_part(a, x, window):
    h, d, slope = 0.0, 0.0, 0.0
    for t, value in enumerate(x):
        d = 0.0 if t % window == 0 else h + a * d
        h = a * h + value
        slope += h * d
    return float(slope)


@wrong_answer(
    "truncated_slope",
    hint="Your slope is twice too large: the loss has a half in front of the square.",
)
def half_forgotten(a, x, window):
    return 2 * _slope(a, x, window)


@wrong_answer(
    "truncated_slope",
    hint="Your slope is a mean over the steps. The loss is a sum.",
)
def mean_over_the_steps(a, x, window):
    return _slope(a, x, window) / len(x)


@wrong_answer(
    "truncated_slope",
    hint="The state in your product is the new one. Which state does a multiply?",
)
def new_state_in_the_product(a, x, window):
    return _slope(a, x, window, read_new=True)


# ---------------------------------------------------------------------------- mended_training


def _train(w, sequences, targets, rate, max_norm, *, reset=True, zero=True, clip="before"):
    w, h, g = w.copy(), np.zeros(len(w)), np.zeros(len(w))
    for x, target in zip(sequences, targets, strict=True):
        h = np.zeros(len(w)) if reset else h
        for x_t in x:
            h = h / 2 + x_t
        g = (w @ h - target) * h + (0 if zero else g)
        scale = min(1, max_norm / np.linalg.norm(g))
        if clip == "before":
            g = g * scale
        if clip == "entries":
            g = np.clip(g, -max_norm, max_norm)
        if clip == "always":
            g = g * max_norm / np.linalg.norm(g)
        w = w - rate * g
        if clip == "after":
            g = g * scale
    return w


@wrong_answer(
    "mended_training",
    hint="Your state goes on from one sequence to the next. They are unrelated: where does each "
    "begin?",
)
def state_carried_over(w, sequences, targets, rate, max_norm):
    return _train(w, sequences, targets, rate, max_norm, reset=False)


@wrong_answer(
    "mended_training",
    hint="Your gradient still holds those of the sequences before. Each step takes a fresh one.",
)
def gradient_never_zeroed(w, sequences, targets, rate, max_norm):
    return _train(w, sequences, targets, rate, max_norm, zero=False)


@wrong_answer(
    "mended_training",
    hint="Your clipping has no effect on the step. When must it happen?",
)
def clipped_after_the_step(w, sequences, targets, rate, max_norm):
    return _train(w, sequences, targets, rate, max_norm, clip="after")


@wrong_answer(
    "mended_training",
    hint="Your steps are right, and the caller's w has changed. Look for an operator that writes "
    "into its left side.",
)
def w_changed_in_place(w, sequences, targets, rate, max_norm):
    w[...] = _train(w, sequences, targets, rate, max_norm)
    return w


@wrong_answer(
    "mended_training",
    hint="You clip each entry by itself, which turns the gradient. Its norm is what is clipped.",
)
def clipped_by_entry(w, sequences, targets, rate, max_norm):
    return _train(w, sequences, targets, rate, max_norm, clip="entries")


@wrong_answer(
    "mended_training",
    hint="You bring every gradient to the largest norm. A short one stays as it is.",
)
def short_gradients_made_longer(w, sequences, targets, rate, max_norm):
    return _train(w, sequences, targets, rate, max_norm, clip="always")


# -------------------------------------------------------------------------------- rate_factor


def _factor(update, updates, warm, floor, *, first=1, span=None, start=None, shape=None):
    if update < warm:
        return (update + first) / warm
    start = warm if start is None else start
    share = (update - start) / (updates - 1 - warm if span is None else span)
    fall = (1 + np.cos(np.pi * share)) / 2
    return float(shape(fall) if shape else floor + (1 - floor) * fall)


@wrong_answer(
    "rate_factor",
    hint="Your first update has the rate zero and is wasted.",
)
def first_update_wasted(update, updates, warm, floor):
    return _factor(update, updates, warm, floor, first=0)


@wrong_answer(
    "rate_factor",
    hint="Your last update stands above the floor. How many steps lie between the first update of "
    "the fall and the last?",
)
def floor_never_reached(update, updates, warm, floor):
    return _factor(update, updates, warm, floor, span=updates - warm)


@wrong_answer(
    "rate_factor",
    hint="Your cosine has begun at update 0, so the factor jumps down where the warm-up ends.",
)
def cosine_over_all_updates(update, updates, warm, floor):
    return _factor(update, updates, warm, floor, start=0, span=updates - 1)


@wrong_answer(
    "rate_factor",
    hint="Your rate falls to zero. It ends at the floor.",
)
def floor_ignored(update, updates, warm, floor):
    return _factor(update, updates, warm, floor, shape=lambda fall: fall)


@wrong_answer(
    "rate_factor",
    hint="Your fall begins above 1: the floor is added to a cosine that is not made smaller.",
)
def floor_added(update, updates, warm, floor):
    return _factor(update, updates, warm, floor, shape=lambda fall: floor + fall)


@wrong_answer(
    "rate_factor",
    hint="Your rate follows the cosine to zero and is held at the floor. It should glide there "
    "along the whole half cosine.",
)
def cut_off_at_the_floor(update, updates, warm, floor):
    return _factor(update, updates, warm, floor, shape=lambda fall: max(floor, fall))


# ----------------------------------------------------------------------------- dropped_states


def _dropped(x, h0, params, draws, rate, *, scale=None, first=True, out=False, flip=False):
    kept = draws < rate if flip else draws >= rate
    m = kept / (1 - rate if scale is None else scale)
    h, states = h0, []
    for t, x_t in enumerate(x):
        read = h if (t == 0 and not first) or (out and t > 0) else m * h
        a = x_t @ params.weight_ih.T + params.bias_ih
        h = np.tanh(a + read @ params.weight_hh.T + params.bias_hh)
        h = m * h if out else h
        states.append(h)
    return np.stack(states)


@wrong_answer(
    "dropped_states",
    hint="Your mask is not made larger, so its mean is below 1.",
)
def mask_not_scaled(x, h0, params, draws, rate):
    return _dropped(x, h0, params, draws, rate, scale=1.0)


@wrong_answer(
    "dropped_states",
    hint="You divide by the rate. With what probability does an entry survive?",
)
def divided_by_the_rate(x, h0, params, draws, rate):
    return _dropped(x, h0, params, draws, rate, scale=rate)


@wrong_answer(
    "dropped_states",
    hint="Your mask is turned round: an entry is dropped where its draw is below the rate.",
)
def mask_turned_round(x, h0, params, draws, rate):
    return _dropped(x, h0, params, draws, rate, flip=True)


@wrong_answer(
    "dropped_states",
    hint="Your first step reads h0 whole. It is an old state like the others.",
)
def first_state_not_masked(x, h0, params, draws, rate):
    return _dropped(x, h0, params, draws, rate, first=False)


@wrong_answer(
    "dropped_states",
    hint="Your states come back masked. Only what the cell reads of them is.",
)
def masked_states_returned(x, h0, params, draws, rate):
    return _dropped(x, h0, params, draws, rate, out=True)


@wrong_answer(
    "dropped_states",
    hint="Your mask lies on what comes out of the product with the recurrent weights. It belongs "
    "on the old state, before the product.",
)
def mask_after_the_product(x, h0, params, draws, rate):
    m = (draws >= rate) / (1 - rate)
    h, states = h0, []
    for x_t in x:
        a = x_t @ params.weight_ih.T + params.bias_ih
        h = np.tanh(a + m * (h @ params.weight_hh.T) + params.bias_hh)
        states.append(h)
    return np.stack(states)


@wrong_answer(
    "dropped_states",
    hint="Your net reads its old state whole. Where is the mask?",
)
def nothing_dropped(x, h0, params, draws, rate):
    return _dropped(x, h0, params, np.ones_like(draws), 0.0)


# ------------------------------------------------------------------------------ norm_backward


def _norm(dy, z, s, gain, *, mean=1, along=1):
    dz = dy * gain
    da = dz - mean * dz.mean(axis=1, keepdims=True)
    da = (da - along * z * (dz * z).mean(axis=1, keepdims=True)) / s
    return da, (dy * z).sum(axis=0), dy.sum(axis=0)


@wrong_answer(
    "norm_backward",
    hint="You treat the mean and the scale as constants. Every entry of a moves both.",
)
def mean_and_scale_held_fixed(dy, z, s, gain):
    return _norm(dy, z, s, gain, mean=0, along=0)


@wrong_answer(
    "norm_backward",
    hint="Your scale s is a constant. It depends on a as well.",
)
def scale_held_fixed(dy, z, s, gain):
    return _norm(dy, z, s, gain, along=0)


@wrong_answer(
    "norm_backward",
    hint="Your mean is a constant. If all entries of a row move by the same amount, nothing "
    "changes: what must the sum of da be?",
)
def mean_held_fixed(dy, z, s, gain):
    return _norm(dy, z, s, gain, mean=0)


@wrong_answer(
    "norm_backward",
    hint="Your da lacks the gain on the way back.",
)
def gain_forgotten(dy, z, s, gain):
    return _norm(dy, z, s, np.ones_like(gain))


@wrong_answer(
    "norm_backward",
    hint="Your da is not divided by the scale.",
)
def not_divided_by_the_scale(dy, z, s, gain):
    return _norm(dy, z, np.ones_like(s), gain)


@wrong_answer(
    "norm_backward",
    hint="Your gain and bias get the mean over the batch. They serve every row, and the gradients "
    "add up.",
)
def mean_over_the_batch(dy, z, s, gain):
    da, dgain, dbias = _norm(dy, z, s, gain)
    return da, dgain / len(dy), dbias / len(dy)


@wrong_answer(
    "norm_backward",
    hint="Your sums over the entries of a row should be means, as in the equations of the layer.",
)
def sums_instead_of_means(dy, z, s, gain):
    return _norm(dy, z, s, gain, mean=z.shape[1], along=z.shape[1])


# --------------------------------------------------------------------------------- first_loss

_LOSS = {"mean": 3.68888, "sum": 19.31325, "padded": 0.69078, "switches": 4.15888, "number": 13.0}


def _but(**changed):
    """The right losses but for a few; these come first, where the label shows them."""
    return {**changed, **{name: loss for name, loss in _LOSS.items() if name not in changed}}


wrong_answer(
    "first_loss",
    hint="Your logarithms have the base 2. Losses are in nats.",
    value=_but(mean=5.3219, sum=27.863, padded=0.9966, switches=6.0),
)
wrong_answer(
    "first_loss",
    hint="Your second number is a mean over the steps. They are added up here.",
    value=_but(sum=1.60944),
)
wrong_answer(
    "first_loss",
    hint="Your loss of the padded batch is that of a mean over the real steps. It is divided by "
    "all of them.",
    value=_but(padded=2.30259),
)
wrong_answer(
    "first_loss",
    hint="You take the switches for one choice out of six. Each says yes or no by itself.",
    value=_but(switches=1.79176),
)
wrong_answer(
    "first_loss",
    hint="Your squared error is the variance. The guess is 0, not the mean of the targets.",
    value=_but(number=4.0),
)
wrong_answer(
    "first_loss",
    hint="Your squared error lacks the spread of the targets around their mean.",
    value=_but(number=9.0),
)

# ------------------------------------------------------------------------------ chained_folds


def _folds(T, folds, size, gap, history, *, first=None):
    first = T - folds * size if first is None else first
    parts = []
    for begin in range(first, first + folds * size, size):
        end = begin - gap
        parts.append((max(0, end - history), end, begin, begin + size))
    return parts


@wrong_answer(
    "chained_folds",
    hint="Your training parts touch their test parts. Leave the gap.",
)
def gap_ignored(T, folds, size, gap, history):
    return _folds(T, folds, size, 0, history)


@wrong_answer(
    "chained_folds",
    hint="Your training parts begin at 0 and grow. These slide: old data are dropped.",
)
def training_part_grows(T, folds, size, gap, history):
    return _folds(T, folds, size, gap, T)


@wrong_answer(
    "chained_folds",
    hint="Your last test part does not end at the end of the series.",
)
def last_steps_left_over(T, folds, size, gap, history):
    return _folds(T, folds, size, gap, history, first=T - folds * size - 1)


@wrong_answer(
    "chained_folds",
    hint="Your gap is taken out of the history. The training part holds as many steps as before, "
    "and begins earlier.",
)
def gap_out_of_the_history(T, folds, size, gap, history):
    return _folds(T, folds, size, gap, history - gap)


@wrong_answer(
    "chained_folds",
    hint="Your folds come in the order of the last to the first.",
)
def last_fold_first(T, folds, size, gap, history):
    return _folds(T, folds, size, gap, history)[::-1]


@wrong_answer(
    "chained_folds",
    hint="One of your parts begins before the series does. What if it does not reach back so far?",
)
def begins_before_the_series(T, folds, size, gap, history):
    parts = _folds(T, folds, size, gap, history)
    return [(end - history, end, begin, until) for _, end, begin, until in parts]


@wrong_answer(
    "chained_folds",
    hint="Your ends are the last steps of the parts. A part goes to before its end.",
)
def ends_inside_the_parts(T, folds, size, gap, history):
    parts = _folds(T, folds, size, gap, history)
    return [(a, b - 1, c, d - 1) for a, b, c, d in parts]


# ----------------------------------------------------------------------------- joint_gradient


def _clip(g, max_norm):
    norm = np.linalg.norm(g)
    return g * (max_norm / norm) if norm > max_norm else g


def _joint(gradients, weights):
    return sum(n * g for n, g in zip(weights, gradients, strict=True)) / sum(weights)


def _real(masks):
    return [int(mask.sum()) for mask in masks]


@wrong_answer(
    "joint_gradient",
    hint="Your workers count the same, whatever they have read.",
)
def every_worker_counts_the_same(gradients, masks, max_norm):
    return _clip(_joint(gradients, [1] * len(masks)), max_norm)


@wrong_answer(
    "joint_gradient",
    hint="You weigh by the size of the padded batches. A masked step has no part in the loss.",
)
def weighed_by_all_steps(gradients, masks, max_norm):
    return _clip(_joint(gradients, [mask.size for mask in masks]), max_norm)


@wrong_answer(
    "joint_gradient",
    hint="You weigh by the number of sequences. The loss is a mean over steps.",
)
def weighed_by_sequences(gradients, masks, max_norm):
    return _clip(_joint(gradients, [mask.shape[1] for mask in masks]), max_norm)


@wrong_answer(
    "joint_gradient",
    hint="You clip each worker's gradient, which turns the direction of their mean. What should be "
    "clipped?",
)
def workers_clipped_one_by_one(gradients, masks, max_norm):
    return _joint([_clip(g, max_norm) for g in gradients], _real(masks))


@wrong_answer(
    "joint_gradient",
    hint="Your gradient is added up over the real steps and not divided by their number.",
)
def not_divided(gradients, masks, max_norm):
    real = _real(masks)
    return _clip(_joint(gradients, real) * sum(real), max_norm)


@wrong_answer(
    "joint_gradient",
    hint="Your joint gradient is right before it is clipped. Is it clipped at all?",
)
def not_clipped(gradients, masks, max_norm):
    return _joint(gradients, _real(masks))


# -------------------------------------------------------------------------------- stable_rate


def _rates(rule):
    return {f"delay_{d}": float(rule(d)) for d in (0, 1, 4, 16)}


wrong_answer(
    "stable_rate",
    hint="Your rates are for a curvature of 1. Here λ is 2.",
    value=_rates(lambda d: 2 * np.sin(np.pi / (4 * d + 2))),
)
wrong_answer(
    "stable_rate",
    hint="Your rates fall as one over the number of workers. Simulate d = 4: what happens at the "
    "rate that you give?",
    value=_rates(lambda d: 1 / (d + 1)),
)
wrong_answer(
    "stable_rate",
    hint="Your gradients are one update too old. With d = 0 they are fresh.",
    value=_rates(lambda d: np.sin(np.pi / (4 * d + 6))),
)
wrong_answer(
    "stable_rate",
    hint="Your rates fall as one over 2d + 1, which is close. Measure d = 1 more finely.",
    value=_rates(lambda d: 1 / (2 * d + 1)),
)
wrong_answer(
    "stable_rate",
    hint="Your rates are the same for every delay. Does your gradient use the old parameters?",
    value=_rates(lambda d: 1.0),
)
