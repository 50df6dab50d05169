"""Mistakes that people make in the assignment on shapes of nets, each with its hint."""

import numpy as np

from rnncore.checking import wrong_answer
from rnncore.numpy import linear_forward, rnn_step_forward

# --------------------------------------------------------------------------------- net_shapes


def _shapes(T, N, D, H, K, L, **other):
    right = {
        "h": (T, N, 2 * H),
        "last": (2 * L, N, H),
        "weight_ih_l0": (H, D),
        "weight_ih_l1": (H, 2 * H),
        "weight_hh_l1": (H, H),
        "weight_hy": (K, 2 * H),
        "one": (N, K),
        "every": (T, N, K),
    }
    return {**right, **other}


@wrong_answer(
    "net_shapes",
    hint="Your states have H numbers a step. Two directions stand side by side.",
)
def states_of_one_direction(T, N, D, H, K, L):
    return _shapes(T, N, D, H, K, L, h=(T, N, H), weight_ih_l1=(H, H), weight_hy=(K, H))


@wrong_answer(
    "net_shapes",
    hint="Your second layer reads H numbers. What does the layer below hand up to it?",
)
def second_layer_reads_one_direction(T, N, D, H, K, L):
    return _shapes(T, N, D, H, K, L, weight_ih_l1=(H, H))


@wrong_answer(
    "net_shapes",
    hint="Your second layer keeps a state of 2H units in each direction. One direction has H.",
)
def state_as_wide_as_the_input(T, N, D, H, K, L):
    return _shapes(T, N, D, H, K, L, weight_hh_l1=(2 * H, 2 * H), weight_ih_l1=(2 * H, 2 * H))


@wrong_answer(
    "net_shapes",
    hint="Your last states are those of one layer. Every layer has some.",
)
def last_states_of_the_highest_layer(T, N, D, H, K, L):
    return _shapes(T, N, D, H, K, L, last=(2, N, H))


@wrong_answer(
    "net_shapes",
    hint="Your last states put both directions side by side. They are stacked on the first axis.",
)
def last_states_side_by_side(T, N, D, H, K, L):
    return _shapes(T, N, D, H, K, L, last=(L, N, 2 * H))


@wrong_answer(
    "net_shapes",
    hint="Your arrays have the batch in front. Here time comes first.",
)
def batch_in_front(T, N, D, H, K, L):
    return _shapes(T, N, D, H, K, L, h=(N, T, 2 * H), every=(N, T, K))


@wrong_answer(
    "net_shapes",
    hint="Your weights are transposed. A weight has one row for each number that it makes.",
)
def weights_transposed(T, N, D, H, K, L):
    turned = {"weight_ih_l0": (D, H), "weight_ih_l1": (2 * H, H), "weight_hy": (2 * H, K)}
    return _shapes(T, N, D, H, K, L, **turned)


# ---------------------------------------------------------------------------- both_ways_count


def _count(D, H, K, layers, inner, outer, directions=2, biases=2):
    total = K * outer + K
    for layer in range(layers):
        below = D if layer == 0 else inner
        total += directions * (H * below + H * H + biases * H)
    return total


def _width(H, merge):
    return 2 * H if merge == "concatenate" else H


@wrong_answer(
    "both_ways_count",
    hint="You count one direction. The other has weights of its own.",
)
def one_direction_counted(D, H, K, layers, merge):
    width = _width(H, merge)
    return _count(D, H, K, layers, width, width, directions=1)


@wrong_answer(
    "both_ways_count",
    hint="You count one bias for each direction. PyTorch has two.",
)
def one_bias(D, H, K, layers, merge):
    width = _width(H, merge)
    return _count(D, H, K, layers, width, width, biases=1)


@wrong_answer(
    "both_ways_count",
    hint="Your upper layers read H numbers even where the directions stand side by side.",
)
def upper_layers_read_one_direction(D, H, K, layers, merge):
    return _count(D, H, K, layers, H, _width(H, merge))


@wrong_answer(
    "both_ways_count",
    hint="Your read-out reads H numbers even where the directions stand side by side.",
)
def read_out_reads_one_direction(D, H, K, layers, merge):
    return _count(D, H, K, layers, _width(H, merge), H)


@wrong_answer(
    "both_ways_count",
    hint="Your upper layers read D numbers, as the lowest does. What stands below them?",
)
def every_layer_reads_the_input(D, H, K, layers, merge):
    return _count(D, H, K, layers, D, _width(H, merge))


@wrong_answer(
    "both_ways_count",
    hint="Your count is the same for both ways of putting the directions together.",
)
def always_side_by_side(D, H, K, layers, merge):
    return _count(D, H, K, layers, 2 * H, 2 * H)


# --------------------------------------------------------------------------------- last_real


@wrong_answer(
    "last_real",
    hint="You take the state after the last step of the array. Most sequences have ended before.",
)
def last_step_of_the_array(h, lengths):
    return h[-1]


@wrong_answer(
    "last_real",
    hint="You take the state one step too late. The first step has number 0.",
)
def one_step_too_late(h, lengths):
    return np.where(lengths[:, None] > 0, h[lengths, np.arange(h.shape[1])], 0.0)


@wrong_answer(
    "last_real",
    hint="A sequence of length 0 gets the state of another step. Which step is number −1?",
)
def length_zero_wraps_round(h, lengths):
    return h[lengths - 1, np.arange(h.shape[1])]


@wrong_answer(
    "last_real",
    hint="You take the same step for all sequences, that of the longest.",
)
def end_of_the_longest(h, lengths):
    return np.where(lengths[:, None] > 0, h[lengths.max() - 1], 0.0)


@wrong_answer(
    "last_real",
    hint="Your answer has an axis too many: each length picks a step of all sequences. Pick one "
    "sequence with each.",
)
def every_length_with_every_sequence(h, lengths):
    return h[lengths - 1]


# ----------------------------------------------------------------------------- mended_reverse


def _reversed(x, lengths):
    steps = np.arange(len(x))[:, None]
    source = np.where(steps < lengths, lengths - 1 - steps, steps)
    return x[source, np.arange(x.shape[1])]


@wrong_answer(
    "mended_reverse",
    hint="Your padding comes first now, and a cell would begin in it.",
)
def whole_row_reversed(x, lengths):
    return x[::-1].copy()


@wrong_answer(
    "mended_reverse",
    hint="Your real steps are right, and the padding is no longer what it was.",
)
def padding_wiped(x, lengths):
    real = np.arange(len(x))[:, None] < lengths
    return np.where(real[:, :, None], _reversed(x, lengths), 0.0)


@wrong_answer(
    "mended_reverse",
    hint="Your answer is right, and x is not what it was before the call.",
)
def written_into_x(x, lengths):
    x[...] = _reversed(x, lengths)
    return x


@wrong_answer(
    "mended_reverse",
    hint="You reverse all sequences as if they were as long as the longest.",
)
def one_length_for_all(x, lengths):
    return _reversed(x, np.full_like(lengths, lengths.max()))


@wrong_answer(
    "mended_reverse",
    hint="You have reversed the order of the sequences, not of the steps.",
)
def batch_reversed(x, lengths):
    return x[:, ::-1].copy()


@wrong_answer(
    "mended_reverse",
    hint="The first padding step has come into your sequences. Which step is the mirror image of "
    "step 0?",
)
def mirror_one_step_off(x, lengths):
    steps = np.arange(len(x))[:, None]
    source = np.where(steps < lengths, lengths - steps, steps)
    return x[source, np.arange(x.shape[1])]


# -------------------------------------------------------------------------------- fading_pool


def _weighted(h, mask, weights, total=None):
    weights = np.where(mask, weights, 0.0)
    total = weights.sum(axis=0) if total is None else total
    weights = weights / np.where(total > 0, total, 1.0)
    return (weights[:, :, None] * np.where(mask[:, :, None], h, 0.0)).sum(axis=0)


def _after(mask):
    return mask.sum(axis=0) - np.cumsum(mask, axis=0)


@wrong_answer(
    "fading_pool",
    hint="You count all steps that come after. The ones that are masked do not count.",
)
def masked_steps_count_too(h, mask, rate):
    return _weighted(h, mask, rate ** np.arange(len(h))[::-1, None] * np.ones(mask.shape))


@wrong_answer(
    "fading_pool",
    hint="Your weights fade into the future: the first step has the greatest.",
)
def fades_the_wrong_way(h, mask, rate):
    return _weighted(h, mask, rate ** (np.cumsum(mask, axis=0) - 1.0))


@wrong_answer(
    "fading_pool",
    hint="Your weights do not add up to 1.",
)
def weights_not_divided(h, mask, rate):
    return _weighted(h, mask, rate ** _after(mask), np.ones(mask.shape[1]))


@wrong_answer(
    "fading_pool",
    hint="You divide by the number of real steps. The sum of the weights is asked for.",
)
def divided_by_the_number_of_steps(h, mask, rate):
    return _weighted(h, mask, rate ** _after(mask), mask.sum(axis=0).astype(float))


@wrong_answer(
    "fading_pool",
    hint="Your weights are equal, whatever the rate.",
)
def plain_mean(h, mask, rate):
    return _weighted(h, mask, np.ones(mask.shape))


@wrong_answer(
    "fading_pool",
    hint="NaN has come into your sums. What is NaN times zero?",
)
def masked_by_a_product(h, mask, rate):
    weights = np.where(mask, rate ** _after(mask), 0.0)
    weights = weights / np.maximum(weights.sum(axis=0), 1e-300)
    return (weights[:, :, None] * h).sum(axis=0)


@wrong_answer(
    "fading_pool",
    hint="A sequence without real steps comes out as NaN. The sum of its weights is zero, and you "
    "divide by it.",
)
def nothing_real_is_nan(h, mask, rate):
    weights = np.where(mask, rate ** _after(mask), 0.0)
    with np.errstate(invalid="ignore"):
        weights = weights / weights.sum(axis=0)
    return (weights[:, :, None] * np.where(mask[:, :, None], h, 0.0)).sum(axis=0)


# -------------------------------------------------------------------------- top_two_backward


def _winners(values, count):
    order = np.argsort(-values, axis=0)
    return np.argsort(order, axis=0) < count


def _real(h, mask):
    return np.where(mask[:, :, None], h, -np.inf)


def _share(dpooled, winners):
    return winners / np.maximum(winners.sum(axis=0), 1) * dpooled


@wrong_answer(
    "top_two_backward",
    hint="Each of your two winners gets the whole gradient. The pooled value is their mean.",
)
def whole_gradient_for_both(dpooled, h, mask):
    return (_winners(_real(h, mask), 2) & mask[:, :, None]) * dpooled


@wrong_answer(
    "top_two_backward",
    hint="You send everything to the greatest. There are two winners.",
)
def the_greatest_takes_all(dpooled, h, mask):
    return _share(dpooled, _winners(_real(h, mask), 1) & mask[:, :, None])


@wrong_answer(
    "top_two_backward",
    hint="A single real step gets half of the gradient. It is the pooled value all by itself.",
)
def half_for_a_single_step(dpooled, h, mask):
    return (_winners(_real(h, mask), 2) & mask[:, :, None]) * (dpooled / 2)


@wrong_answer(
    "top_two_backward",
    hint="A masked step has got a gradient. It must not take part in the contest.",
)
def padding_takes_part(dpooled, h, mask):
    return _share(dpooled, _winners(h, 2))


@wrong_answer(
    "top_two_backward",
    hint="Your winners are those farthest from zero. A state of −4 is less than one of 1.",
)
def greatest_by_absolute_value(dpooled, h, mask):
    size = np.where(mask[:, :, None], np.abs(h), -np.inf)
    return _share(dpooled, _winners(size, 2) & mask[:, :, None])


@wrong_answer(
    "top_two_backward",
    hint="Your winners are the last two real steps, whatever their states.",
)
def the_last_two_steps(dpooled, h, mask):
    late = np.where(mask, np.arange(len(h))[:, None], -np.inf)[:, :, None] + 0 * h
    return _share(dpooled, _winners(late, 2) & mask[:, :, None])


@wrong_answer(
    "top_two_backward",
    hint="You spread the gradient over all real steps, as for a mean.",
)
def spread_over_all_steps(dpooled, h, mask):
    return _share(dpooled, mask[:, :, None] & np.ones(h.shape, bool))


# ----------------------------------------------------------------------------- start_gradient


@wrong_answer(
    "start_gradient",
    hint="Of a speaker who occurs several times, one sequence alone has left a trace.",
)
def repeated_speakers_lost(dh0, who, S):
    gradient = np.zeros((S, dh0.shape[1]))
    gradient[who] += dh0
    return gradient


@wrong_answer(
    "start_gradient",
    hint="You take the mean over the sequences of a speaker. A state that is used several times "
    "gets more than that.",
)
def mean_for_each_speaker(dh0, who, S):
    chosen = np.eye(S)[who]
    return chosen.T @ dh0 / np.maximum(chosen.sum(axis=0), 1)[:, None]


@wrong_answer(
    "start_gradient",
    hint="All speakers get the same gradient. Each should hear of the own sequences alone.",
)
def the_sum_for_everybody(dh0, who, S):
    return np.tile(dh0.sum(axis=0), (S, 1))


@wrong_answer(
    "start_gradient",
    hint="You divide by the size of the batch. That belongs into the loss, and has been done there "
    "if at all.",
)
def divided_by_the_batch(dh0, who, S):
    return np.eye(S)[who].T @ dh0 / len(dh0)


@wrong_answer(
    "start_gradient",
    hint="Your answer has a row for each speaker who occurs. The table has S rows.",
)
def rows_of_those_who_occur(dh0, who, S):
    return (np.eye(S)[who].T @ dh0)[np.unique(who)]


# ---------------------------------------------------------------------------------- write_out


def _write(h0, first, embedding, cell, readout, stop, steps, how):
    h, said, over, rows = h0, first, np.zeros(len(first), dtype=bool), []
    for _ in range(steps):
        read = first if how == "the same input" else said
        before = h0 if how == "no memory" else h
        h, _ = rnn_step_forward(embedding[read], before, cell)
        said = linear_forward(h, readout)[0].argmax(axis=1)
        if how != "goes on":
            said = np.where(over, stop, said)
            over = over | (said == stop)
        if how == "all stop":
            over = np.full_like(over, over.any())
        rows.append(said)
    return np.stack([first, *rows[:-1]] if how == "first" else rows)


@wrong_answer(
    "write_out",
    hint="Your net reads the same symbol at every step. It should read what it said last.",
)
def nothing_fed_back(h0, first, embedding, cell, readout, stop, steps):
    return _write(h0, first, embedding, cell, readout, stop, steps, "the same input")


@wrong_answer(
    "write_out",
    hint="Your net starts from h0 at every step, so it knows its last symbol and nothing else.",
)
def state_not_carried(h0, first, embedding, cell, readout, stop, steps):
    return _write(h0, first, embedding, cell, readout, stop, steps, "no memory")


@wrong_answer(
    "write_out",
    hint="Your sequences go on after they have said stop.",
)
def goes_on_after_stop(h0, first, embedding, cell, readout, stop, steps):
    return _write(h0, first, embedding, cell, readout, stop, steps, "goes on")


@wrong_answer(
    "write_out",
    hint="As soon as one of your sequences stops, all stop. Rows of a batch do not mix.",
)
def one_stops_for_all(h0, first, embedding, cell, readout, stop, steps):
    return _write(h0, first, embedding, cell, readout, stop, steps, "all stop")


@wrong_answer(
    "write_out",
    hint="Your answer begins with what the net read first, so all is one step late.",
)
def begins_with_what_was_read(h0, first, embedding, cell, readout, stop, steps):
    return _write(h0, first, embedding, cell, readout, stop, steps, "first")


# --------------------------------------------------------------------------------- reset_cost

_MEASURED = {"first": 0.62729, "rate": 0.83123, "steps": 21, "warm_up": 18}

wrong_answer(
    "reset_cost",
    hint="Your first error is a mean. The greatest over batch and units is asked for.",
    value={**_MEASURED, "first": 0.18252},
)
wrong_answer(
    "reset_cost",
    hint="Your rate is the quotient of two errors that are ten steps apart. How much is that a "
    "step?",
    value={**_MEASURED, "rate": 0.15741},
)
wrong_answer(
    "reset_cost",
    hint="Your number of steps is that of the warm-up. They are near each other and not the same: "
    "the inputs are others.",
    value={**_MEASURED, "steps": 18},
)
wrong_answer(
    "reset_cost",
    hint="Your warm-up is one step too short: at w the error must be below 0.01 already.",
    value={**_MEASURED, "warm_up": 17},
)
wrong_answer(
    "reset_cost",
    hint="Your number of steps is one too large. Count the steps with an error of 0.01 or more.",
    value={**_MEASURED, "steps": 22},
)
wrong_answer(
    "reset_cost",
    hint="Your numbers of steps are counted from the beginning of the recording, not from the "
    "reset.",
    value={**_MEASURED, "steps": 61, "warm_up": 58},
)

# ------------------------------------------------------------------------------- seen_targets


def _seen(T, k, reach, strict=False):
    target = np.arange(T) + k
    return (target < T) & (k < reach if strict else k <= reach)


def _reach(T, ahead, together=sum):
    return T if None in ahead else together(ahead)


@wrong_answer(
    "seen_targets",
    hint="You take the layer that looks farthest. The layer above looks at states that have looked "
    "ahead themselves.",
)
def farthest_layer_alone(T, k, ahead):
    return _seen(T, k, _reach(T, ahead, max))


@wrong_answer(
    "seen_targets",
    hint="You say that the input at the very edge of what is seen is not seen.",
)
def edge_not_seen(T, k, ahead):
    return _seen(T, k, _reach(T, ahead), strict=True)


@wrong_answer(
    "seen_targets",
    hint="At the end of the row your outputs have seen targets that the row does not hold.",
)
def targets_beyond_the_row(T, k, ahead):
    return np.full(T, k <= _reach(T, ahead))


@wrong_answer(
    "seen_targets",
    hint="A layer that runs both ways counts as one that does not look ahead.",
)
def no_limit_taken_for_zero(T, k, ahead):
    return _seen(T, k, sum(look or 0 for look in ahead))


@wrong_answer(
    "seen_targets",
    hint="You count every target in the row as seen, however far ahead it is.",
)
def everything_in_the_row_is_seen(T, k, ahead):
    return _seen(T, k, T)


@wrong_answer(
    "seen_targets",
    hint="Your answer is turned round: True stands where the target has not been seen.",
)
def turned_round(T, k, ahead):
    return ~_seen(T, k, _reach(T, ahead))
