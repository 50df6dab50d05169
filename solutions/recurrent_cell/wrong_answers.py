"""Mistakes that people make in the assignment on the recurrent cell, each with its hint."""

import numpy as np

from rnncore.checking import wrong_answer
from rnncore.numpy import LinearParams, RNNParams, rnn_forward

# ---------------------------------------------------------------------------- sequence_shapes


def _shapes(T, N, D, H, K, **changed):
    right = {
        "all_x": (T, N, D),
        "one_x": (N, D),
        "first_h": (N, H),
        "all_h": (T, N, H),
        "weight_ih": (H, D),
        "weight_hh": (H, H),
        "bias_ih": (H,),
        "weight_hy": (K, H),
        "all_y": (T, N, K),
    }
    return {**right, **changed}


@wrong_answer(
    "sequence_shapes",
    hint="Your batch stands before time. This course puts time first: look at the notation at the "
    "top of the notebook.",
)
def batch_before_time(T, N, D, H, K):
    return _shapes(T, N, D, H, K, all_x=(N, T, D), all_h=(N, T, H), all_y=(N, T, K))


@wrong_answer(
    "sequence_shapes",
    hint="Your weights are transposed. A weight has one row for each unit that it feeds, and one "
    "column for each number that it reads.",
)
def weights_transposed(T, N, D, H, K):
    return _shapes(T, N, D, H, K, weight_ih=(D, H), weight_hy=(H, K))


@wrong_answer(
    "sequence_shapes",
    hint="Your bias has a batch axis. Parameters are shared by all sequences and all steps, so "
    "neither N nor T stands in their shapes.",
)
def bias_for_each_sequence(T, N, D, H, K):
    return _shapes(T, N, D, H, K, bias_ih=(N, H))


@wrong_answer(
    "sequence_shapes",
    hint="You gave one output a sequence. Here the read-out stands on the state of every step, so "
    "its outputs have a time axis.",
)
def output_at_the_last_step_alone(T, N, D, H, K):
    return _shapes(T, N, D, H, K, all_y=(N, K))


@wrong_answer(
    "sequence_shapes",
    hint="Your state has the width of the input. D counts inputs and H counts units; the two may "
    "differ.",
)
def state_as_wide_as_the_input(T, N, D, H, K):
    return _shapes(T, N, D, H, K, first_h=(N, D), all_h=(T, N, D), weight_hh=(D, D))


# ------------------------------------------------------------------------------------ by_hand

_RIGHT_NUMBERS = {"h_1": 1.25, "h_2": 0.0, "h_3": 0.85, "y_3": 1.4, "h_1_with_tanh": 0.8483}

wrong_answer(
    "by_hand",
    hint="The first state looks as if it began at zero. Here h_0 is given, and it enters the first "
    "step through w_hh.",
    value={**_RIGHT_NUMBERS, "h_1": 1.75, "h_1_with_tanh": 0.9414},
)
wrong_answer(
    "by_hand",
    hint="It looks as if relu was left out at the second step. A negative pre-activation gives the "
    "state zero, and that zero is what the third step sees.",
    value={**_RIGHT_NUMBERS, "h_2": -1.875, "h_3": 1.7875, "y_3": 3.275},
)
wrong_answer(
    "by_hand",
    hint="The second bias is missing. Both biases are added at every step.",
    value={"h_1": 1.5, "h_2": 0.0, "h_3": 1.1, "y_3": 1.9, "h_1_with_tanh": 0.9051},
)
wrong_answer(
    "by_hand",
    hint="The output's bias is missing: look at b_y in the table.",
    value={**_RIGHT_NUMBERS, "y_3": 1.7},
)
wrong_answer(
    "by_hand",
    hint="It looks as if w_hh entered without its minus sign.",
    value={"h_1": 2.25, "h_2": 0.0, "h_3": 0.85, "y_3": 1.4, "h_1_with_tanh": 0.978},
)

# ---------------------------------------------------------------------------- parameter_count


@wrong_answer(
    "parameter_count",
    hint="Every one of your layers reads D inputs. The second layer reads the units of the layer "
    "below it: how many are they?",
)
def every_layer_reads_the_inputs(D, H, K, layers, biases):
    # With one layer alone this would be right.
    return layers * (H * D + H * H + biases * H) + K * H + K


@wrong_answer(
    "parameter_count",
    hint="Your read-out has no bias. It has one bias of K numbers, whatever `biases` is.",
)
def read_out_without_bias(D, H, K, layers, biases):
    return _layers(D, H, layers, biases) + K * H


@wrong_answer(
    "parameter_count",
    hint="You count the weights from state to state as H numbers. Every unit sees every unit.",
)
def each_unit_sees_itself_alone(D, H, K, layers, biases):
    return _layers(D, H, layers, biases) - layers * (H * H - H) + K * H + K


@wrong_answer(
    "parameter_count",
    hint="The read-out is not counted. It has a weight and a bias of its own.",
)
def read_out_forgotten(D, H, K, layers, biases):
    return _layers(D, H, layers, biases)


@wrong_answer(
    "parameter_count",
    hint="You count each bias as one number. A bias vector has one entry for each unit.",
)
def one_number_a_bias(D, H, K, layers, biases):
    return _layers(D, H, layers, 0) + layers * biases + K * H + K


def _layers(D, H, layers, biases):
    return (D + H + biases) * H + (layers - 1) * (2 * H + biases) * H


# ------------------------------------------------------------------------------- widest_state


def _first_over(budget, count):
    H = 1
    while count(H) <= budget:
        H += 1
    return H


@wrong_answer(
    "widest_state",
    hint="Your net is one unit too wide: you return the first width that no longer fits.",
)
def first_width_that_does_not_fit(budget, D, K):
    return _first_over(budget, lambda H: H * (D + H + 2 + K) + K)


@wrong_answer(
    "widest_state",
    hint="Your net goes over the budget by a little. Count again: this layer has two biases.",
)
def one_bias_counted(budget, D, K):
    return _first_over(budget, lambda H: H * (D + H + 1 + K) + K) - 1


@wrong_answer(
    "widest_state",
    hint="Your net goes over the budget. The read-out grows with H as well: did you count it?",
)
def read_out_not_counted(budget, D, K):
    return _first_over(budget, lambda H: H * (D + H + 2)) - 1


@wrong_answer(
    "widest_state",
    hint="You round to the nearest width. A net that is over the budget does not fit, however "
    "near it is.",
)
def rounded_to_the_nearest(budget, D, K):
    b = D + K + 2
    return max(0, round((-b + np.sqrt(b * b + 4 * (budget - K))) / 2))


@wrong_answer(
    "widest_state",
    hint="You stop one unit too early: a net with exactly `budget` parameters does fit.",
)
def exact_fit_refused(budget, D, K):
    return _first_over(budget - 1, lambda H: H * (D + H + 2 + K) + K) - 1


# ----------------------------------------------------------------------------------- rnn_step


def _pre_activation(x, h, params):
    from_input = x @ params.weight_ih.T + params.bias_ih
    return from_input + h @ params.weight_hh.T + params.bias_hh


@wrong_answer(
    "rnn_step",
    hint="weight_hh is not transposed. It is square, so nothing complains, but for rows its "
    "transpose is what the equation asks for.",
)
def state_weight_not_transposed(x, h, params):
    from_input = x @ params.weight_ih.T + params.bias_ih
    return np.tanh(from_input + h @ params.weight_hh + params.bias_hh)


@wrong_answer(
    "rnn_step",
    hint="bias_hh is missing. Both biases are added.",
)
def second_bias_forgotten(x, h, params):
    return np.tanh(_pre_activation(x, h, params) - params.bias_hh)


@wrong_answer(
    "rnn_step",
    hint="No tanh yet: what you return is the pre-activation.",
)
def tanh_forgotten(x, h, params):
    return _pre_activation(x, h, params)


@wrong_answer(
    "rnn_step",
    hint="You apply tanh to each product and add afterwards. The sum of all four terms goes into "
    "one tanh.",
)
def tanh_of_each_term(x, h, params):
    from_input = np.tanh(x @ params.weight_ih.T + params.bias_ih)
    return from_input + np.tanh(h @ params.weight_hh.T + params.bias_hh)


@wrong_answer(
    "rnn_step",
    hint="tanh is applied twice. One tanh around the sum is all.",
)
def tanh_twice(x, h, params):
    return np.tanh(np.tanh(_pre_activation(x, h, params)))


@wrong_answer(
    "rnn_step",
    hint="The old state does not enter: your step would give the same from every h.",
)
def old_state_ignored(x, h, params):
    return np.tanh(_pre_activation(x, np.zeros_like(h), params))


# ------------------------------------------------------------------------------- merge_biases


@wrong_answer(
    "merge_biases",
    hint="bias_hh is still what it was, so its share is now added twice.",
)
def second_bias_kept(params):
    return params.replace(bias_ih=params.bias_ih + params.bias_hh)


@wrong_answer(
    "merge_biases",
    hint="bias_hh is zero, but its share is lost. Where has it to go, so that the sum stays?",
)
def second_bias_thrown_away(params):
    return params.replace(bias_hh=np.zeros_like(params.bias_hh))


@wrong_answer(
    "merge_biases",
    hint="You share the sum out between the two. The function is the same, but the question asks "
    "for a bias_hh of zero.",
)
def half_each(params):
    half = (params.bias_ih + params.bias_hh) / 2
    return params.replace(bias_ih=half, bias_hh=half.copy())


@wrong_answer(
    "merge_biases",
    hint="Your net is always a tanh net. A new RNNParams takes tanh unless you tell it; "
    "`replace` keeps what the old one had.",
)
def nonlinearity_dropped(params):
    # Right for a tanh net, so the tests ask for a relu net too.
    bias = params.bias_ih + params.bias_hh
    return RNNParams(params.weight_ih, params.weight_hh, bias, np.zeros_like(bias))


# ------------------------------------------------------------------------------ permute_units


def _permuted(params, rows, columns):
    return params.replace(
        weight_ih=params.weight_ih[rows],
        weight_hh=params.weight_hh[rows][:, columns],
        bias_ih=params.bias_ih[rows],
        bias_hh=params.bias_hh[rows],
    )


@wrong_answer(
    "permute_units",
    hint="weight_hh has its rows in the new order and its columns in the old one. A column belongs "
    "to a unit too: the one that is read.",
)
def rows_alone(params, weight_hy, order):
    return _permuted(params, order, np.arange(len(order))), weight_hy[:, order]


@wrong_answer(
    "permute_units",
    hint="You applied the inverse order. New place i holds old unit order[i], which is what "
    "indexing with `order` does.",
)
def inverse_order(params, weight_hy, order):
    inverse = np.argsort(order)
    return _permuted(params, inverse, inverse), weight_hy[:, inverse]


@wrong_answer(
    "permute_units",
    hint="The biases have stayed in the old order. They belong to units as well.",
)
def biases_left_behind(params, weight_hy, order):
    moved = _permuted(params, order, order)
    return moved.replace(bias_ih=params.bias_ih, bias_hh=params.bias_hh), weight_hy[:, order]


@wrong_answer(
    "permute_units",
    hint="The read-out still looks for each unit at its old place.",
)
def read_out_left_behind(params, weight_hy, order):
    return _permuted(params, order, order), weight_hy


@wrong_answer(
    "permute_units",
    hint="weight_hh has its columns in the new order and its rows in the old one. A row belongs to "
    "a unit too: the one that is fed.",
)
def columns_alone(params, weight_hy, order):
    moved = _permuted(params, order, order)
    return moved.replace(weight_hh=params.weight_hh[:, order]), weight_hy[:, order]


# ----------------------------------------------------------------------------- jordan_forward


def _jordan(x, y0, weight_ih, weight_yh, bias_h, weight_hy, bias_y, fed_back):
    y = y0
    states, outputs = [], []
    for x_t in x:
        h = np.tanh(x_t @ weight_ih.T + y @ weight_yh.T + bias_h)
        output = h @ weight_hy.T + bias_y
        y = fed_back(output)
        states.append(h)
        outputs.append(output)
    return np.stack(states), np.stack(outputs)


@wrong_answer(
    "jordan_forward",
    hint="The first output goes into every step. Each step needs the output of the step before.",
)
def feedback_never_updated(x, y0, *weights):
    return _jordan(x, y0, *weights, fed_back=lambda y: y0)


@wrong_answer(
    "jordan_forward",
    hint="What goes round is the output without its bias. The equation feeds back y itself.",
)
def fed_back_without_bias(x, y0, *weights):
    return _jordan(x, y0, *weights, fed_back=lambda y: y - weights[-1])


@wrong_answer(
    "jordan_forward",
    hint="You squash the output before you feed it back. Jordan's outputs have no nonlinearity "
    "here.",
)
def fed_back_through_tanh(x, y0, *weights):
    return _jordan(x, y0, *weights, fed_back=np.tanh)


@wrong_answer(
    "jordan_forward",
    hint="Your outputs are one step late: the first of them is y0. Store an output after it has "
    "been computed.",
)
def outputs_one_step_late(x, y0, *weights):
    h, y = _jordan(x, y0, *weights, fed_back=lambda y: y)
    return h, np.concatenate([y0[None], y[:-1]])


@wrong_answer(
    "jordan_forward",
    hint="The feedback starts from zero in your net. It has to start from y0.",
)
def first_output_ignored(x, y0, *weights):
    return _jordan(x, np.zeros_like(y0), *weights, fed_back=lambda y: y)


# ---------------------------------------------------------------------------- jordan_as_elman


@wrong_answer(
    "jordan_as_elman",
    hint="The output's bias goes round as well, and in your net its share is missing.",
)
def output_bias_lost(weight_ih, weight_yh, bias_h, weight_hy, bias_y):
    return RNNParams(weight_ih, weight_yh @ weight_hy, bias_h, np.zeros_like(bias_h))


@wrong_answer(
    "jordan_as_elman",
    hint="Your weight_hh is transposed. The state passes first through weight_hy and then through "
    "weight_yh.",
)
def product_transposed(weight_ih, weight_yh, bias_h, weight_hy, bias_y):
    return RNNParams(weight_ih, (weight_yh @ weight_hy).T, bias_h, weight_yh @ bias_y)


@wrong_answer(
    "jordan_as_elman",
    hint="The two biases have changed places: Jordan's bias_h goes into bias_ih, what comes from "
    "the output goes into bias_hh.",
)
def biases_swapped(weight_ih, weight_yh, bias_h, weight_hy, bias_y):
    return RNNParams(weight_ih, weight_yh @ weight_hy, weight_yh @ bias_y, bias_h)


@wrong_answer(
    "jordan_as_elman",
    hint="There is a tanh in your weights. The output is linear, so the two products stand side by "
    "side with nothing between them.",
)
def tanh_between_the_products(weight_ih, weight_yh, bias_h, weight_hy, bias_y):
    return RNNParams(weight_ih, weight_yh @ np.tanh(weight_hy), bias_h, weight_yh @ bias_y)


# --------------------------------------------------------------------------------- leaky_step


def _plain_step(x, h, params):
    return np.tanh(_pre_activation(x, h, params))


@wrong_answer(
    "leaky_step",
    hint="α stands on the wrong term: with α = 1 the old state has to vanish from the mix.",
)
def alpha_on_the_old_state(x, h, params, alpha):
    return alpha * h + (1 - alpha) * _plain_step(x, h, params)


@wrong_answer(
    "leaky_step",
    hint="You mix inside tanh. The leak acts outside it, on the states.",
)
def mixed_inside_tanh(x, h, params, alpha):
    return np.tanh((1 - alpha) * h + alpha * _pre_activation(x, h, params))


@wrong_answer(
    "leaky_step",
    hint="You add the whole old state. A part α of it is replaced, so only the part 1 − α is left.",
)
def nothing_leaks_away(x, h, params, alpha):
    return h + alpha * _plain_step(x, h, params)


@wrong_answer(
    "leaky_step",
    hint="tanh sees the leaked state in your step. In the equation it sees the whole old state; "
    "the leak has no part in the pre-activation.",
)
def leaked_state_inside_tanh(x, h, params, alpha):
    return (1 - alpha) * h + alpha * _plain_step(x, (1 - alpha) * h, params)


# ----------------------------------------------------------------------------- leaky_backward


def _leaky_gradients(dh_next, cache):
    x, h, phi, alpha, weight_ih, weight_hh = cache
    da = dh_next * alpha * (1 - phi**2)
    dh = dh_next * (1 - alpha) + da @ weight_hh
    dalpha = (dh_next * (phi - h)).sum(axis=0)
    return [da @ weight_ih, dh, dalpha, da.T @ x, da.T @ h, da.sum(axis=0)]


@wrong_answer(
    "leaky_backward",
    hint="One path to the old state is missing: it also reaches the new state straight through the "
    "leak, without tanh.",
)
def leak_path_missing(dh_next, cache):
    _, _, _, alpha, _, _ = cache
    dx, dh, *rest = _leaky_gradients(dh_next, cache)
    return dx, dh - dh_next * (1 - alpha), *rest


@wrong_answer(
    "leaky_backward",
    hint="α is missing on the way back into tanh. It multiplies tanh going forward, so it "
    "multiplies the gradient going back.",
)
def alpha_missing_on_the_way_back(dh_next, cache):
    x, h, phi, alpha, weight_ih, weight_hh = cache
    _, _, dalpha, *_ = _leaky_gradients(dh_next, cache)
    da = dh_next * (1 - phi**2)
    dh = dh_next * (1 - alpha) + da @ weight_hh
    return da @ weight_ih, dh, dalpha, da.T @ x, da.T @ h, da.sum(axis=0)


@wrong_answer(
    "leaky_backward",
    hint="That is the slope of relu. With tanh the slope follows from phi itself: how does tanh′ "
    "depend on tanh?",
)
def slope_of_relu(dh_next, cache):
    x, h, phi, alpha, weight_ih, weight_hh = cache
    da = dh_next * alpha * (phi > 0)
    dh = dh_next * (1 - alpha) + da @ weight_hh
    dalpha = (dh_next * (phi - h)).sum(axis=0)
    return da @ weight_ih, dh, dalpha, da.T @ x, da.T @ h, da.sum(axis=0)


@wrong_answer(
    "leaky_backward",
    hint="dalpha counts what α brings in and not what it drives out. It stands twice in the "
    "equation.",
)
def alpha_counted_once(dh_next, cache):
    phi = cache[2]
    gradients = _leaky_gradients(dh_next, cache)
    gradients[2] = (dh_next * phi).sum(axis=0)
    return tuple(gradients)


@wrong_answer(
    "leaky_backward",
    hint="Your gradients are means over the batch. The loss is whatever dh_next says, so the "
    "parameters' gradients are sums over the sequences.",
)
def mean_over_the_batch(dh_next, cache):
    dx, dh, *shared = _leaky_gradients(dh_next, cache)
    return dx, dh, *(gradient / len(dh_next) for gradient in shared)


@wrong_answer(
    "leaky_backward",
    hint="dweight_hh is transposed. Its rows belong to the units that are fed, its columns to the "
    "old state; being square, it does not complain.",
)
def state_gradient_transposed(dh_next, cache):
    gradients = _leaky_gradients(dh_next, cache)
    gradients[4] = gradients[4].T.copy()
    return tuple(gradients)


@wrong_answer(
    "leaky_backward",
    hint="On the way back weight_hh is used as on the way forward. If going forward multiplies "
    "rows by the transpose, going back multiplies by the matrix itself.",
)
def weight_transposed_on_the_way_back(dh_next, cache):
    phi, alpha, weight_hh = cache[2], cache[3], cache[5]
    gradients = _leaky_gradients(dh_next, cache)
    da = dh_next * alpha * (1 - phi**2)
    gradients[1] = dh_next * (1 - alpha) + da @ weight_hh.T
    return tuple(gradients)


# ----------------------------------------------------------------------------- mended_forward


@wrong_answer(
    "mended_forward",
    hint="weight_hh is still not transposed. It is square, so nothing complains.",
)
def transpose_still_missing(x, h0, weight_ih, weight_hh, bias, gain):
    return _with_gain(x, h0, weight_ih, weight_hh.T, bias, gain)


@wrong_answer(
    "mended_forward",
    hint="The gain still meets the units. A vector (N,) lines up with the last axis; the batch is "
    "the first.",
)
def gain_on_the_units(x, h0, weight_ih, weight_hh, bias, gain):
    h, states = h0, []
    for x_t in x:
        # Any number of units takes a gain here, so that nothing is raised.
        drive = np.resize(gain, len(bias)) * (x_t @ weight_ih.T)
        h = np.tanh(drive + h @ weight_hh.T + bias)
        states.append(h)
    return np.stack(states)


@wrong_answer(
    "mended_forward",
    hint="All your states are the last one: the list holds the same array T times, and each step "
    "writes into it. Give each step an array of its own.",
)
def one_array_for_all_steps(x, h0, weight_ih, weight_hh, bias, gain):
    h = h0.copy()
    states = []
    for new in _with_gain(x, h0, weight_ih, weight_hh, bias, gain):
        h[:] = new
        states.append(h)
    return np.stack(states)


@wrong_answer(
    "mended_forward",
    hint="The states are right, but h0 is not what it was before the call. Where do you write into "
    "the array that came in?",
)
def first_state_overwritten(x, h0, weight_ih, weight_hh, bias, gain):
    states = _with_gain(x, h0, weight_ih, weight_hh, bias, gain)
    h0[:] = states[-1]
    return states


@wrong_answer(
    "mended_forward",
    hint="The gain multiplies the whole pre-activation. It belongs to what comes from the input "
    "alone.",
)
def gain_on_everything(x, h0, weight_ih, weight_hh, bias, gain):
    h, states = h0, []
    for x_t in x:
        h = np.tanh(gain[:, None] * (x_t @ weight_ih.T + h @ weight_hh.T + bias))
        states.append(h)
    return np.stack(states)


@wrong_answer(
    "mended_forward",
    hint="Each of your steps starts from h0 again. The state of a step is the old state of the "
    "next.",
)
def state_reset_at_each_step(x, h0, weight_ih, weight_hh, bias, gain):
    drives = (_with_gain(x_t[None], h0, weight_ih, weight_hh, bias, gain)[0] for x_t in x)
    return np.stack(list(drives))


def _with_gain(x, h0, weight_ih, weight_hh, bias, gain):
    params = RNNParams(weight_ih, np.ascontiguousarray(weight_hh), bias, np.zeros_like(bias))
    return rnn_forward(x * gain[:, None], h0, params)[0]


# ----------------------------------------------------------------------------- mended_summary


def _summary(x, h0, params, mask, *, carried=True, chosen=True, own_length=True):
    h, total = h0, np.zeros_like(h0)
    for x_t, real in zip(x, mask[..., None], strict=True):
        seen = np.where(real, x_t, 0.0) if chosen else x_t * real
        new = np.tanh(_pre_activation(seen, h, params))
        h = np.where(real, new, h if carried else 0.0) if chosen else new * real
        total = total + np.where(real, h, 0.0)
    steps = np.maximum(mask.sum(axis=0), 1)[:, None] if own_length else len(x)
    return h, total / steps


@wrong_answer(
    "mended_summary",
    hint="The state becomes zero at a step that is not real. Nothing happens at such a step, so "
    "the state stays what it was.",
)
def state_zeroed_at_padding(x, h0, params, mask):
    return _summary(x, h0, params, mask, carried=False)


@wrong_answer(
    "mended_summary",
    hint="NaN gets through: NaN times zero is NaN. A mask has to choose, and must not multiply.",
)
def mask_multiplies(x, h0, params, mask):
    return _summary(x, h0, params, mask, chosen=False)


@wrong_answer(
    "mended_summary",
    hint="You divide by the number of all steps. Each sequence has its own number of real ones.",
)
def divided_by_all_steps(x, h0, params, mask):
    return _summary(x, h0, params, mask, own_length=False)


@wrong_answer(
    "mended_summary",
    hint="Carried states are counted in your mean. A step that is not real carries the state over "
    "and is not counted.",
)
def carried_states_in_the_mean(x, h0, params, mask):
    h, _ = rnn_forward(x, h0, params, mask)
    return h[-1], h.sum(axis=0) / np.maximum(mask.sum(axis=0), 1)[:, None]


@wrong_answer(
    "mended_summary",
    hint="A sequence without any real step gives NaN in your mean: that is 0 divided by 0.",
)
def nothing_divided_by_nothing(x, h0, params, mask):
    h, mean = _summary(x, h0, params, mask)
    return h, np.where(mask.any(axis=0)[:, None], mean, np.nan)


@wrong_answer(
    "mended_summary",
    hint="Padded inputs are set to zero, and the cell still takes a step on them. The biases and "
    "the old state move the state even when the input is zero.",
)
def step_taken_on_zero_inputs(x, h0, params, mask):
    h, _ = rnn_forward(np.where(mask[..., None], x, 0.0), h0, params)
    real_steps = np.maximum(mask.sum(axis=0), 1)[:, None]
    return h[-1], (h * mask[..., None]).sum(axis=0) / real_steps


# --------------------------------------------------------------------------------- count_ones


def _one_unit(from_input, from_state, bias=0.0, nonlinearity="relu"):
    return RNNParams(
        np.array([[from_input]]),
        np.array([[from_state]]),
        np.array([bias]),
        np.array([0.0]),
        nonlinearity,
    )


@wrong_answer(
    "count_ones",
    hint="Your unit has tanh, which never reaches 1. Give RNNParams the nonlinearity that the "
    "question names.",
)
def counter_with_tanh():
    return _one_unit(1.0, 1.0, nonlinearity="tanh")


@wrong_answer(
    "count_ones",
    hint="Your unit copies the bit and forgets the count: what must weight_hh be, so that the old "
    "count is still there?",
)
def bit_copied():
    return _one_unit(1.0, 0.0)


@wrong_answer(
    "count_ones",
    hint="Your unit counts every step, whatever the bit is. A bias acts at each step; the bit "
    "itself has to make the difference.",
)
def steps_counted():
    return _one_unit(0.0, 1.0, bias=1.0)


@wrong_answer(
    "count_ones",
    hint="Your count doubles at each step. The old count is to come through unchanged.",
)
def count_doubled():
    return _one_unit(1.0, 2.0)


# ---------------------------------------------------------------------- count_falls_and_pairs

_FROM_BIT = np.array([[1.0], [-1.0], [1.0], [0.0], [0.0]])
_FROM_UNITS = np.zeros((5, 5))
_FROM_UNITS[[1, 2, 3, 3, 4, 4], [0, 0, 1, 3, 2, 4]] = 1.0
_THRESHOLDS = np.array([0.0, 0.0, -1.0, 0.0, 0.0])
_READ_OUT = np.array([[0.0, 1.0, 0.0, 1.0, 0.0], [0.0, 0.0, 1.0, 0.0, 1.0]])


def _falls_and_pairs(
    from_bit=_FROM_BIT,
    from_units=_FROM_UNITS,
    thresholds=_THRESHOLDS,
    read_out=_READ_OUT,
    nonlinearity="relu",
):
    params = RNNParams(from_bit, from_units, thresholds, np.zeros(5), nonlinearity)
    return params, LinearParams(read_out, np.zeros(2))


@wrong_answer(
    "count_falls_and_pairs",
    hint="Your counts are right and one step late. A counter unit sees what was found at the step "
    "before; the read-out can add what is found now.",
)
def counts_one_step_late():
    late = _READ_OUT.copy()
    late[:, 1:3] = 0.0
    return _falls_and_pairs(read_out=late)


@wrong_answer(
    "count_falls_and_pairs",
    hint="Your weight_hh is transposed: a row belongs to the unit that is fed, a column to the "
    "unit that it reads.",
)
def state_weights_by_column():
    return _falls_and_pairs(from_units=_FROM_UNITS.T.copy())


@wrong_answer(
    "count_falls_and_pairs",
    hint="You count rises, a 0 followed by a 1. For a fall the previous bit pushes the unit up and "
    "the new bit holds it down.",
)
def rises_for_falls():
    from_bit, from_units = _FROM_BIT.copy(), _FROM_UNITS.copy()
    from_bit[1], from_units[1, 0] = 1.0, -1.0
    return _falls_and_pairs(from_bit, from_units)


@wrong_answer(
    "count_falls_and_pairs",
    hint="Your pair unit answers to a single one. It needs a bias so that it stays silent unless "
    "both bits push.",
)
def pair_without_threshold():
    return _falls_and_pairs(thresholds=np.zeros(5))


@wrong_answer(
    "count_falls_and_pairs",
    hint="Your net reports what happens at this step and forgets what it counted. Read the "
    "counters out as well.",
)
def events_not_counted():
    momentary = _READ_OUT.copy()
    momentary[:, 3:] = 0.0
    return _falls_and_pairs(read_out=momentary)


@wrong_answer(
    "count_falls_and_pairs",
    hint="The two outputs have changed places: falls come first.",
)
def outputs_swapped():
    return _falls_and_pairs(read_out=_READ_OUT[::-1].copy())


@wrong_answer(
    "count_falls_and_pairs",
    hint="Your net has tanh, which squeezes the counts together. Give RNNParams the nonlinearity "
    "that the question names.",
)
def units_with_tanh():
    return _falls_and_pairs(nonlinearity="tanh")


# ---------------------------------------------------------------------- steps_until_forgotten


def _distances(params, x):
    ones = np.ones((x.shape[1], params.hidden_size))
    return np.abs(rnn_forward(x, ones, params)[0] - rnn_forward(x, -ones, params)[0])


def _after_the_last_too_far(distance, tolerance):
    numbers = np.arange(1, len(distance) + 1)[:, None]
    return np.where(distance > tolerance, numbers, 0).max(axis=0) + 1


@wrong_answer(
    "steps_until_forgotten",
    hint="You stop at the first step within the tolerance. The distance can grow again: look for "
    "the last step that is too far.",
)
def first_time_within(params, x, tolerance):
    near = _distances(params, x).max(axis=2) <= tolerance
    return np.where(near.any(axis=0), near.argmax(axis=0) + 1, len(x) + 1)


@wrong_answer(
    "steps_until_forgotten",
    hint="Your numbers are one too small. The state after t steps stands at index t − 1, and the "
    "answer is the step after the last that is too far.",
)
def index_for_number_of_steps(params, x, tolerance):
    return _after_the_last_too_far(_distances(params, x).max(axis=2), tolerance) - 1


@wrong_answer(
    "steps_until_forgotten",
    hint="You give one number for the whole batch. Each sequence has its own.",
)
def one_number_for_the_batch(params, x, tolerance):
    slowest = _after_the_last_too_far(_distances(params, x).max(axis=2), tolerance).max()
    return np.full(x.shape[1], slowest)


@wrong_answer(
    "steps_until_forgotten",
    hint="You start from zero and from one. The two first states are +1 and −1 everywhere.",
)
def from_zero_and_one(params, x, tolerance):
    ones = np.ones((x.shape[1], params.hidden_size))
    gap = np.abs(rnn_forward(x, ones, params)[0] - rnn_forward(x, 0 * ones, params)[0])
    return _after_the_last_too_far(gap.max(axis=2), tolerance)


@wrong_answer(
    "steps_until_forgotten",
    hint="You take the mean over the units. The distance is the largest difference: one unit that "
    "remembers is enough.",
)
def mean_over_the_units(params, x, tolerance):
    return _after_the_last_too_far(_distances(params, x).mean(axis=2), tolerance)


@wrong_answer(
    "steps_until_forgotten",
    hint="A sequence that is still too far at the end gets 1 in your answer. Nothing was forgotten "
    "there: what does the question ask for then?",
)
def never_taken_for_at_once(params, x, tolerance):
    steps = _after_the_last_too_far(_distances(params, x).max(axis=2), tolerance)
    return np.where(steps > len(x), 1, steps)


# --------------------------------------------------------------------------- forgetting_steps

wrong_answer(
    "forgetting_steps",
    hint="These are the first steps within the tolerance. The distance goes above it once more "
    "afterwards: look at the picture near the dotted line.",
    value={"quiet": 105, "loud": 18},
)
wrong_answer(
    "forgetting_steps",
    hint="The two numbers have changed places. Look at the picture: which curve falls faster?",
    value={"quiet": 21, "loud": 123},
)
wrong_answer(
    "forgetting_steps",
    hint="Each number is one too small: these are indices from 0, and steps are counted from 1.",
    value={"quiet": 122, "loud": 20},
)
wrong_answer(
    "forgetting_steps",
    hint="These numbers belong to the Euclidean distance. The distance here is the largest "
    "difference over the units.",
    value={"quiet": 157, "loud": 23},
)

# The questions from here on are those of the notebook on PyTorch. Torch is imported inside the
# functions, so that loading this file stays light.

# --------------------------------------------------------------------------- kept_and_trained

wrong_answer(
    "kept_and_trained",
    hint="It looks as if you counted the biases. They are parameters, but a plain list hides them "
    "from the module.",
    value={"entries": 7, "saved": 38, "handed_over": 34, "learnt": 30},
)
wrong_answer(
    "kept_and_trained",
    hint="It looks as if you counted weight_hh. requires_grad makes autograd follow a tensor; what "
    "makes a module register it?",
    value={"entries": 6, "saved": 46, "handed_over": 42, "learnt": 38},
)
wrong_answer(
    "kept_and_trained",
    hint="It looks as if you left the buffer out of what is saved. A buffer is not trained, and "
    "that is all that sets it apart.",
    value={"entries": 4, "saved": 26, "handed_over": 26, "learnt": 22},
)
wrong_answer(
    "kept_and_trained",
    hint="It looks as if first_h gets a gradient in your count. Look at what it was made with.",
    value={"entries": 5, "saved": 30, "handed_over": 26, "learnt": 26},
)
wrong_answer(
    "kept_and_trained",
    hint="It looks as if first_h is not handed to the optimiser in your count. A parameter that "
    "asks for no gradient is a parameter all the same.",
    value={"entries": 5, "saved": 30, "handed_over": 22, "learnt": 22},
)
wrong_answer(
    "kept_and_trained",
    hint="You counted every tensor in sight. A module registers only some kinds of attributes: "
    "which?",
    value={"entries": 8, "saved": 54, "handed_over": 50, "learnt": 46},
)

# ----------------------------------------------------------------------------- four_gradients

_RIGHT_SLOPES = {"full": 1.75, "detached": 0.25, "cut_once": 1.5, "twice": 3.5}

wrong_answer(
    "four_gradients",
    hint="The second backward looks as if it replaced what .grad held. What does PyTorch do with a "
    "gradient that is there already?",
    value={**_RIGHT_SLOPES, "twice": 1.75},
)
wrong_answer(
    "four_gradients",
    hint="With detach it looks as if nothing at all reached w. Only the old state is cut off; w "
    "itself stands in the last step too.",
    value={**_RIGHT_SLOPES, "detached": 0.0, "cut_once": 0.0},
)
wrong_answer(
    "four_gradients",
    hint="One cut looks like a cut in every step here. After the first step the path is whole: "
    "which old states can w reach?",
    value={**_RIGHT_SLOPES, "cut_once": 0.25},
)
wrong_answer(
    "four_gradients",
    hint="It looks as if you added up the old states without the powers of w. What an earlier step "
    "adds passes through each later one, times w.",
    value={"full": 3.75, "detached": 0.25, "cut_once": 2.75, "twice": 7.5},
)
wrong_answer(
    "four_gradients",
    hint="It looks as if detach changed nothing for you. It changes no state, and it does change "
    "what backward sees.",
    value={"full": 1.75, "detached": 1.75, "cut_once": 1.75, "twice": 3.5},
)

# -------------------------------------------------------------------------------- elman_cell


def _torch_module(shapes, forward):
    """A module with parameters of these shapes, and a function of it for its forward."""
    import torch

    class Answer(torch.nn.Module):
        def __init__(self):
            super().__init__()
            for name, shape in shapes.items():
                setattr(self, name, torch.nn.Parameter(torch.zeros(shape)))

        def forward(self, *inputs):
            return forward(self, *inputs)

    return Answer()


def _cell_shapes(D, H, **further):
    return {"weight_ih": (H, D), "weight_hh": (H, H), "bias_ih": (H,), "bias_hh": (H,), **further}


def _torch_pre_activation(cell, x, h):
    from_input = x @ cell.weight_ih.T + cell.bias_ih
    return from_input + h @ cell.weight_hh.T + cell.bias_hh


@wrong_answer(
    "elman_cell",
    hint="weight_hh is not transposed in your module. It is square, so its shape does not "
    "complain.",
)
def torch_state_weight_not_transposed(D, H):
    return _torch_module(
        _cell_shapes(D, H),
        lambda cell, x, h: (
            x @ cell.weight_ih.T + cell.bias_ih + h @ cell.weight_hh + cell.bias_hh
        ).tanh(),
    )


@wrong_answer(
    "elman_cell",
    hint="bias_hh is among your parameters and does not enter the state. Both biases are added.",
)
def torch_second_bias_unused(D, H):
    return _torch_module(
        _cell_shapes(D, H),
        lambda cell, x, h: (x @ cell.weight_ih.T + cell.bias_ih + h @ cell.weight_hh.T).tanh(),
    )


@wrong_answer(
    "elman_cell",
    hint="Your values are right and the old state gets no gradient. Something cuts it off on its "
    "way into the new state.",
)
def torch_old_state_detached(D, H):
    return _torch_module(
        _cell_shapes(D, H),
        lambda cell, x, h: _torch_pre_activation(cell, x, h.detach()).tanh(),
    )


@wrong_answer(
    "elman_cell",
    hint="Your cell returns the sum before tanh.",
)
def torch_no_nonlinearity(D, H):
    return _torch_module(_cell_shapes(D, H), _torch_pre_activation)


@wrong_answer(
    "elman_cell",
    hint="Your parameters have the names of a layer, with _l0 behind them. Those of a cell stand "
    "without it.",
)
def torch_names_of_a_layer(D, H):
    shapes = {f"{name}_l0": shape for name, shape in _cell_shapes(D, H).items()}
    return _torch_module(shapes, lambda cell, x, h: h)


@wrong_answer(
    "elman_cell",
    hint="Your bias_ih is counted twice, in place of bias_hh.",
)
def torch_first_bias_twice(D, H):
    return _torch_module(
        _cell_shapes(D, H),
        lambda cell, x, h: (x @ cell.weight_ih.T + 2 * cell.bias_ih + h @ cell.weight_hh.T).tanh(),
    )


# -------------------------------------------------------------------------------- leaky_cell


def _leaky_module(D, H, alpha, mix):
    def forward(cell, x, h):
        return mix(alpha(cell.leak), h, _torch_pre_activation(cell, x, h))

    return _torch_module(_cell_shapes(D, H, leak=(H,)), forward)


def _mix(alpha, h, a):
    return (1 - alpha) * h + alpha * a.tanh()


@wrong_answer(
    "leaky_cell",
    hint="Your module takes leak itself for α. Where is it squeezed between 0 and 1?",
)
def leak_taken_for_alpha(D, H):
    return _leaky_module(D, H, lambda leak: leak, _mix)


@wrong_answer(
    "leaky_cell",
    hint="The two parts of your mixture have changed places: α belongs to where the cell would "
    "jump, 1 − α to the old state.",
)
def torch_mixture_swapped(D, H):
    return _leaky_module(D, H, lambda leak: leak.sigmoid(), lambda a, h, s: _mix(1 - a, h, s))


@wrong_answer(
    "leaky_cell",
    hint="Your values are right and leak does not learn: its gradient is zero. Compute α from leak "
    "inside forward, without detach or .data.",
)
def leak_without_gradient(D, H):
    return _leaky_module(D, H, lambda leak: leak.detach().sigmoid(), _mix)


@wrong_answer(
    "leaky_cell",
    hint="Your leak stands inside tanh. It mixes the old state with what tanh returns.",
)
def torch_leak_inside_tanh(D, H):
    return _leaky_module(
        D, H, lambda leak: leak.sigmoid(), lambda alpha, h, a: ((1 - alpha) * h + alpha * a).tanh()
    )


@wrong_answer(
    "leaky_cell",
    hint="The old state loses nothing in your module: it comes in whole, not times 1 − α.",
)
def torch_old_state_kept_whole(D, H):
    return _leaky_module(
        D, H, lambda leak: leak.sigmoid(), lambda alpha, h, a: h + alpha * a.tanh()
    )


@wrong_answer(
    "leaky_cell",
    hint="The gradient of h is too small: the path through the leak is cut. The old state reaches "
    "the new one twice, and only once in your module's gradient.",
)
def torch_leak_path_detached(D, H):
    return _leaky_module(
        D, H, lambda leak: leak.sigmoid(), lambda alpha, h, a: _mix(alpha, h.detach(), a)
    )


# --------------------------------------------------------------------------- starting_weights


def _starting_weights(draws_ih, draws_hh, tau):
    H, D = draws_ih.shape
    q, r = np.linalg.qr(draws_hh)
    return {
        "weight_ih": draws_ih / np.sqrt(D),
        "weight_hh": q * np.sign(np.diag(r)),
        "bias_ih": np.zeros(H),
        "bias_hh": np.zeros(H),
        "leak": -np.log(tau - 1),
    }


def _spaced(draws_ih, slowest):
    return np.geomspace(2, slowest, len(draws_ih))


@wrong_answer(
    "starting_weights",
    hint="Your time constants grow by the same difference. Evenly spaced on a logarithmic scale "
    "means by the same factor.",
)
def equal_differences(draws_ih, draws_hh, slowest):
    return _starting_weights(draws_ih, draws_hh, np.linspace(2, slowest, len(draws_ih)))


@wrong_answer(
    "starting_weights",
    hint="Your leak is α itself. It is the number that the sigmoid turns into α, so solve for it.",
)
def alpha_given_as_leak(draws_ih, draws_hh, slowest):
    tau = _spaced(draws_ih, slowest)
    return _starting_weights(draws_ih, draws_hh, tau) | {"leak": 1 / tau}


@wrong_answer(
    "starting_weights",
    hint="R's diagonal is not positive: your Q has the signs that the computer happened to give "
    "it.",
)
def signs_as_they_come(draws_ih, draws_hh, slowest):
    weights = _starting_weights(draws_ih, draws_hh, _spaced(draws_ih, slowest))
    return weights | {"weight_hh": np.linalg.qr(draws_hh)[0]}


@wrong_answer(
    "starting_weights",
    hint="The signs went to the rows of Q. The diagonal of R belongs to the columns of Q, which "
    "meet the rows of R in the product.",
)
def signs_given_to_the_rows(draws_ih, draws_hh, slowest):
    q, r = np.linalg.qr(draws_hh)
    weights = _starting_weights(draws_ih, draws_hh, _spaced(draws_ih, slowest))
    return weights | {"weight_hh": q * np.sign(np.diag(r))[:, None]}


@wrong_answer(
    "starting_weights",
    hint="You divide weight_ih by the root of the number of units. A unit adds up D inputs.",
)
def scaled_by_the_units(draws_ih, draws_hh, slowest):
    weights = _starting_weights(draws_ih, draws_hh, _spaced(draws_ih, slowest))
    return weights | {"weight_ih": draws_ih / np.sqrt(len(draws_ih))}


@wrong_answer(
    "starting_weights",
    hint="The slow units and the fast ones have changed places: unit 0 is the fastest.",
)
def slowest_unit_first(draws_ih, draws_hh, slowest):
    return _starting_weights(draws_ih, draws_hh, _spaced(draws_ih, slowest)[::-1])


@wrong_answer(
    "starting_weights",
    hint="Your leak has the opposite sign: it makes 1 − α equal to 1/τ.",
)
def leak_with_the_opposite_sign(draws_ih, draws_hh, slowest):
    tau = _spaced(draws_ih, slowest)
    return _starting_weights(draws_ih, draws_hh, tau) | {"leak": np.log(tau - 1)}


@wrong_answer(
    "starting_weights",
    hint="The weights are right, but draws_ih is not what it was before the call. A tensor made by "
    "torch.from_numpy shares the array's memory.",
)
def draws_scaled_in_place(draws_ih, draws_hh, slowest):
    weights = _starting_weights(draws_ih, draws_hh, _spaced(draws_ih, slowest))
    draws_ih /= np.sqrt(draws_ih.shape[1])
    return weights


# ------------------------------------------------------------------------------- fading_layer


def _fading_module(D, H, *, clean=None, rate=None, masked=None, stepped=None, choose=None):
    """A layer that is right but for the parts that are given."""

    def forward(layer, x, h0, mask):
        import torch

        keep = rate(layer.fade) if rate else layer.fade.sigmoid()
        x = clean(x, mask[:, :, None]) if clean else x.masked_fill(~mask[:, :, None], 0)
        h, states = h0, []
        for x_t, real in zip(x, mask[:, :, None], strict=True):
            new = _torch_pre_activation(layer, x_t, h).tanh()
            new = stepped(new, keep) if stepped else new
            faded = masked(h, keep, h0) if masked else keep * h
            h = choose(real, new, faded) if choose else torch.where(real, new, faded)
            states.append(h)
        return torch.stack(states)

    return _torch_module(_cell_shapes(D, H, fade=(H,)), forward)


@wrong_answer(
    "fading_layer",
    hint="Your states are right and NaN gets into the gradients. where() chooses going forward; "
    "going back, its zero meets the NaN in x, and zero times NaN is NaN.",
)
def nan_in_the_gradient(D, H):
    return _fading_module(D, H, clean=lambda x, real: x)


@wrong_answer(
    "fading_layer",
    hint="Your module mixes the two states by multiplication, and NaN gets through: NaN times zero "
    "is NaN. A mask has to choose, and must not multiply.",
)
def torch_mask_multiplies(D, H):
    return _fading_module(
        D,
        H,
        clean=lambda x, real: x,
        choose=lambda real, new, faded: real * new + ~real * faded,
    )


@wrong_answer(
    "fading_layer",
    hint="Your state is carried over at a masked step. Here it fades, by a factor for each unit.",
)
def carried_and_not_faded(D, H):
    return _fading_module(D, H, masked=lambda h, keep, h0: h)


@wrong_answer(
    "fading_layer",
    hint="Your module takes fade itself for the factor. It goes through the sigmoid first.",
)
def fade_taken_for_the_factor(D, H):
    return _fading_module(D, H, rate=lambda fade: fade)


@wrong_answer(
    "fading_layer",
    hint="Your state becomes zero at a masked step. It fades towards zero, step by step.",
)
def zero_at_once(D, H):
    return _fading_module(D, H, masked=lambda h, keep, h0: 0 * h)


@wrong_answer(
    "fading_layer",
    hint="The factor works at real steps too in your module. There the cell takes its step, and "
    "nothing fades.",
)
def fades_at_real_steps_too(D, H):
    return _fading_module(D, H, stepped=lambda new, keep: keep * new)


@wrong_answer(
    "fading_layer",
    hint="Your states are right and fade gets no gradient. Compute its sigmoid inside forward, "
    "without detach or .data.",
)
def fade_without_gradient(D, H):
    return _fading_module(D, H, rate=lambda fade: fade.detach().sigmoid())


@wrong_answer(
    "fading_layer",
    hint="Your state falls back to h0 at a masked step. It is the state of the step before that "
    "fades.",
)
def first_state_fades(D, H):
    return _fading_module(D, H, masked=lambda h, keep, h0: keep * h0)


# --------------------------------------------------------------------------------- jordan_net


def _jordan_module(D, H, K, feed, out=None, before=None):
    """Jordan's net with another rule for what is fed back, or other outputs."""
    shapes = {
        "weight_ih": (H, D),
        "weight_yh": (H, K),
        "bias_h": (H,),
        "weight_hy": (K, H),
        "bias_y": (K,),
    }

    def forward(net, x, y0, targets, forced):
        import torch

        fed, outputs = y0, []
        for x_t, target, force in zip(x, targets, forced[:, :, None], strict=True):
            fed = before(fed, target, force) if before else fed
            h = (x_t @ net.weight_ih.T + fed @ net.weight_yh.T + net.bias_h).tanh()
            y = h @ net.weight_hy.T + net.bias_y
            fed = feed(net, y, h, target, force)
            outputs.append(out(y, fed) if out else y)
        return torch.stack(outputs)

    return _torch_module(shapes, forward)


@wrong_answer(
    "jordan_net",
    hint="Your net feeds back its own output at every step. Where is a forced target fed back?",
)
def forcing_ignored(D, H, K):
    return _jordan_module(D, H, K, lambda net, y, h, target, force: y)


@wrong_answer(
    "jordan_net",
    hint="Targets and outputs have changed places: the target comes back where forced is True.",
)
def forcing_turned_round(D, H, K):
    return _jordan_module(D, H, K, lambda net, y, h, target, force: y.where(force, target))


@wrong_answer(
    "jordan_net",
    hint="Your net mixes target and output by multiplication, and an unknown target, NaN, gets "
    "through: NaN times zero is NaN.",
)
def targets_multiplied(D, H, K):
    return _jordan_module(
        D, H, K, lambda net, y, h, target, force: force * target + (1 - force.to(y.dtype)) * y
    )


@wrong_answer(
    "jordan_net",
    hint="Your net returns what is fed back. It is to return its outputs, at forced steps too.",
)
def returns_what_is_fed_back(D, H, K):
    return _jordan_module(
        D, H, K, lambda net, y, h, target, force: target.where(force, y), lambda y, fed: fed
    )


@wrong_answer(
    "jordan_net",
    hint="Your outputs are right and the gradient does not go back through them. An output that is "
    "fed back is part of the path.",
)
def fed_back_output_detached(D, H, K):
    return _jordan_module(D, H, K, lambda net, y, h, target, force: target.where(force, y.detach()))


@wrong_answer(
    "jordan_net",
    hint="The output's bias does not go round in your net. What is fed back is the whole output, "
    "bias included.",
)
def torch_fed_back_without_bias(D, H, K):
    return _jordan_module(
        D, H, K, lambda net, y, h, target, force: target.where(force, y - net.bias_y)
    )


@wrong_answer(
    "jordan_net",
    hint="Your outputs are right and the targets get no gradient. Let autograd go through them as "
    "well.",
)
def targets_detached(D, H, K):
    return _jordan_module(D, H, K, lambda net, y, h, target, force: target.detach().where(force, y))


@wrong_answer(
    "jordan_net",
    hint="The target of a step goes into that very step in your net, which then knows what it is "
    "to say. What is fed back comes from the step before.",
)
def targets_one_step_early(D, H, K):
    return _jordan_module(
        D,
        H,
        K,
        lambda net, y, h, target, force: y,
        before=lambda fed, target, force: target.where(force, fed),
    )


@wrong_answer(
    "jordan_net",
    hint="Your outputs pass through tanh. Here the output has no nonlinearity.",
)
def outputs_squashed(D, H, K):
    return _jordan_module(
        D,
        H,
        K,
        lambda net, y, h, target, force: target.where(force, y.tanh()),
        lambda y, fed: y.tanh(),
    )


# ------------------------------------------------------------------------------ mended_stream


def _stream_module(D, H, *, begin=None, restart=None, carry=None, axis=0):
    """A module that is right but for the parts that are given."""
    shapes = {"weight_ih": (H, D), "weight_hh": (H, H), "bias": (H,), "first_h": (H,)}

    def forward(net, x, starts):
        import torch

        starts = begin(starts) if begin else starts
        h, states = net.first_h.expand(x.shape[1], -1), []
        for x_t, begins in zip(x, starts[:, :, None], strict=True):
            h = restart(net, h, begins) if restart else torch.where(begins, net.first_h, h)
            old = carry(h) if carry else h
            h = (x_t @ net.weight_ih.T + old @ net.weight_hh.T + net.bias).tanh()
            states.append(h)
        return torch.stack(states, dim=axis)

    return _torch_module(shapes, forward)


def _written_into_data(net, h, begins):
    h = h.contiguous()
    h.data[begins[:, 0]] = net.first_h.data
    return h


@wrong_answer(
    "mended_stream",
    hint="Two of the parameters are still in a plain list, where the module does not see them.",
)
def list_of_parameters_left(D, H):
    import torch

    module = _torch_module({"bias": (H,), "first_h": (H,)}, lambda net, x, starts: x)
    module.weights = [torch.nn.Parameter(torch.zeros(H, D)), torch.nn.Parameter(torch.zeros(H, H))]
    return module


@wrong_answer(
    "mended_stream",
    hint="Your states are right, but the gradient ends after one step: detach is still in the "
    "loop.",
)
def detach_left_in_the_loop(D, H):
    return _stream_module(D, H, carry=lambda h: h.detach())


@wrong_answer(
    "mended_stream",
    hint="Your module still writes into .data. That changes states that were stored already, and "
    "first_h hears nothing of it.",
)
def written_into_data(D, H):
    return _stream_module(D, H, restart=_written_into_data)


@wrong_answer(
    "mended_stream",
    hint="Your states have the batch before time. Which axis does torch.stack make?",
)
def stacked_along_the_batch(D, H):
    return _stream_module(D, H, axis=1)


@wrong_answer(
    "mended_stream",
    hint="Your states are right and first_h learns too little: at a start its value comes in "
    "without its gradient.",
)
def first_state_without_gradient(D, H):
    return _stream_module(
        D, H, restart=lambda net, h, begins: net.first_h.detach().where(begins, h)
    )


@wrong_answer(
    "mended_stream",
    hint="A text starts from zeros in your module. It starts from first_h.",
)
def texts_start_from_zero(D, H):
    return _stream_module(D, H, restart=lambda net, h, begins: h.masked_fill(begins, 0))


@wrong_answer(
    "mended_stream",
    hint="Your state never goes back to first_h within the stream. Where is starts used?",
)
def starts_ignored(D, H):
    return _stream_module(D, H, restart=lambda net, h, begins: h)


@wrong_answer(
    "mended_stream",
    hint="Your state goes back to first_h after the step at a start, and not before it. The first "
    "step of a text still sees the end of the text before.",
)
def starts_one_step_late(D, H):
    # Whether the first step restarts or not makes no difference.
    return _stream_module(D, H, begin=lambda starts: starts.roll(1, 0))
