"""Mistakes that people make in the assignment on vanishing and exploding gradients, with hints."""

import numpy as np

from rnncore.checking import wrong_answer


def _changed(right, **changes):
    """Return the right values with some changed, these first, so that they name the mistake."""
    return changes | {key: value for key, value in right.items() if key not in changes}


# ------------------------------------------------------------------------------ step_jacobian


@wrong_answer(
    "step_jacobian",
    hint="Your slopes scale the columns. A slope belongs to the unit that comes out, and that is "
    "the row.",
)
def slopes_on_columns(h, weight_hh):
    return (1 - h**2)[:, None, :] * weight_hh


@wrong_answer(
    "step_jacobian",
    hint="Your slope of tanh lacks a square.",
)
def slope_not_squared(h, weight_hh):
    return (1 - h)[:, :, None] * weight_hh


@wrong_answer(
    "step_jacobian",
    hint="Your slope is that of the logistic function. The cell has tanh.",
)
def slope_of_the_logistic_function(h, weight_hh):
    return (h * (1 - h))[:, :, None] * weight_hh


@wrong_answer(
    "step_jacobian",
    hint="Your matrices are transposed: new units are rows, old units are columns.",
)
def transposed(h, weight_hh):
    return ((1 - h**2)[:, :, None] * weight_hh).swapaxes(1, 2)


@wrong_answer(
    "step_jacobian",
    hint="You apply tanh to states that have already passed through it.",
)
def tanh_twice(h, weight_hh):
    return (1 - np.tanh(h) ** 2)[:, :, None] * weight_hh


@wrong_answer(
    "step_jacobian",
    hint="Your Jacobian is the weight alone. Where is the slope of the nonlinearity?",
)
def slope_forgotten(h, weight_hh):
    return np.ones_like(h)[:, :, None] * weight_hh


# ----------------------------------------------------------------------------- leaky_jacobian


def _candidate(x, h, params):
    from_input = params.weight_ih @ x + params.bias_ih
    return np.tanh(from_input + params.weight_hh @ h + params.bias_hh)


@wrong_answer(
    "leaky_jacobian",
    hint="One of the two ways is missing: the old state also goes straight into the new one.",
)
def straight_way_forgotten(x, h, alpha, params):
    c = _candidate(x, h, params)
    return (alpha * (1 - c**2))[:, None] * params.weight_hh


@wrong_answer(
    "leaky_jacobian",
    hint="Your straight way carries the whole old state. Which part of it is kept?",
)
def straight_way_without_leak(x, h, alpha, params):
    c = _candidate(x, h, params)
    return np.eye(len(h)) + (alpha * (1 - c**2))[:, None] * params.weight_hh


@wrong_answer(
    "leaky_jacobian",
    hint="Your second way lacks the leak: the candidate enters the new state with a factor.",
)
def candidate_without_leak(x, h, alpha, params):
    c = _candidate(x, h, params)
    return np.diag(1 - alpha) + (1 - c**2)[:, None] * params.weight_hh


@wrong_answer(
    "leaky_jacobian",
    hint="Your slope is taken at the old state. The tanh has its value at the candidate c.",
)
def slope_at_the_old_state(x, h, alpha, params):
    return np.diag(1 - alpha) + (alpha * (1 - h**2))[:, None] * params.weight_hh


@wrong_answer(
    "leaky_jacobian",
    hint="Your slope is taken at the new state. Only the candidate c came out of the tanh.",
)
def slope_at_the_new_state(x, h, alpha, params):
    new = (1 - alpha) * h + alpha * _candidate(x, h, params)
    return np.diag(1 - alpha) + (alpha * (1 - new**2))[:, None] * params.weight_hh


@wrong_answer(
    "leaky_jacobian",
    hint="You add 1 − α to every entry of a row. The straight way leads from each unit to itself.",
)
def leak_in_every_entry(x, h, alpha, params):
    c = _candidate(x, h, params)
    return (1 - alpha)[:, None] + (alpha * (1 - c**2))[:, None] * params.weight_hh


@wrong_answer(
    "leaky_jacobian",
    hint="Your α and your slopes scale the columns. They belong to the unit that comes out.",
)
def factors_on_columns(x, h, alpha, params):
    c = _candidate(x, h, params)
    return np.diag(1 - alpha) + (alpha * (1 - c**2)) * params.weight_hh


@wrong_answer(
    "leaky_jacobian",
    hint="The two shares have changed places: it is 1 − α of the old state that stays.",
)
def shares_swapped(x, h, alpha, params):
    c = _candidate(x, h, params)
    return np.diag(alpha) + ((1 - alpha) * (1 - c**2))[:, None] * params.weight_hh


# --------------------------------------------------------------------------------------- lags

_LAGS = {"linear": 132, "latched": 15, "logistic": 20, "growing": 698}

wrong_answer(
    "lags",
    hint="Your lags are the last ones before the mark is passed. Round the other way.",
    value={"linear": 131, "latched": 14, "logistic": 19, "growing": 697},
)
wrong_answer(
    "lags",
    hint="Your logarithm of a million is one to the base of ten, and that of the factor is not.",
    value={"linear": 57, "latched": 7, "logistic": 9, "growing": 303},
)
wrong_answer(
    "lags",
    hint="The slope of your latched unit lacks a square.",
    value=_changed(_LAGS, latched=9),
)
wrong_answer(
    "lags",
    hint="Your latched unit multiplies by its slope alone. A step also multiplies by the weight.",
    value=_changed(_LAGS, latched=11),
)
wrong_answer(
    "lags",
    hint="Your logistic unit is counted without its weight: each step multiplies by the slope and "
    "by 2.",
    value=_changed(_LAGS, logistic=10),
)


# ------------------------------------------------------------------------------- growing_pair


@wrong_answer(
    "growing_pair",
    hint="Your matrix is diagonal, and so its powers never exceed ρ. Something must lead from one "
    "unit to the other.",
)
def diagonal(rho, peak):
    return np.diag([rho, rho])


@wrong_answer(
    "growing_pair",
    hint="Your first power has the height that is asked for, and the later powers go on growing.",
)
def height_of_the_first_power(rho, peak):
    return np.array([[rho, peak], [0.0, rho]])


@wrong_answer(
    "growing_pair",
    hint="Your spectral radius is the height. Put the height anywhere but on the diagonal.",
)
def height_on_the_diagonal(rho, peak):
    return np.array([[peak, 0.0], [0.0, rho]])


@wrong_answer(
    "growing_pair",
    hint="Your matrix is symmetric. For such a matrix the norm and the spectral radius are one "
    "number, so it cannot grow first.",
)
def symmetric(rho, peak):
    return np.array([[rho, peak - rho], [peak - rho, rho]])


@wrong_answer(
    "growing_pair",
    hint="Your second eigenvalue is zero, and so the norms fall from the first one on.",
)
def one_eigenvalue_zero(rho, peak):
    return np.array([[rho, 1.04 * peak], [0.0, 0.0]])


@wrong_answer(
    "growing_pair",
    hint="Your norms grow like c · k and you forget that ρ shrinks them on the way, so the height "
    "is not reached.",
)
def growth_without_decay(rho, peak):
    return np.array([[rho, peak / 10], [0.0, rho]])


# -------------------------------------------------------------------------------------- chain

_CHAIN = {
    "rho": 0.0,
    "sigma": 1.5,
    "norm_9": 1.5**9,
    "norm_10": 0.0,
    "rho_ring": (1.5**9 * 0.0001) ** 0.1,
}

wrong_answer(
    "chain",
    hint="Your chain has the spectral radius 1.5. Look at the diagonal of a triangular matrix.",
    value=_changed(_CHAIN, rho=1.5),
)
wrong_answer(
    "chain",
    hint="After ten steps your chain is still alive. Where does unit 10 send what it hears?",
    value=_changed(_CHAIN, norm_10=1.5**10),
)
wrong_answer(
    "chain",
    hint="Your chain is dead one step too early: a chain of ten has nine links.",
    value=_changed(_CHAIN, norm_9=0.0),
)
wrong_answer(
    "chain",
    hint="Your ring has the spectral radius of the open chain. Follow one unit round the ring.",
    value=_changed(_CHAIN, rho_ring=0.0),
)
wrong_answer(
    "chain",
    hint="Your number for the ring is what ten steps multiply by. The spectral radius is the "
    "factor of one.",
    value=_changed(_CHAIN, rho_ring=0.003844),
)
wrong_answer(
    "chain",
    hint="Your norms of powers are powers of the spectral radius. What did the chapter say of σ₁?",
    value=_changed(_CHAIN, sigma=0.0, norm_9=0.0),
)


# --------------------------------------------------------------------------------- norms_back


def _back(dh, states, weights, slope=None, norm=None):
    slope = slope or (lambda h: h * (1 - h))
    norm = norm or (lambda d: np.linalg.norm(d, axis=1))
    norms = [norm(dh)]
    for h in states:
        dh = (dh * slope(h)) @ weights
        norms.append(norm(dh))
    return np.stack(norms)


@wrong_answer(
    "norms_back",
    hint="Your slope is that of tanh. This cell is logistic.",
)
def slope_of_tanh(dh, states, weight_hh):
    return _back(dh, states[:0:-1], weight_hh, lambda h: 1 - h**2)


@wrong_answer(
    "norms_back",
    hint="You go back through the transposed weights. A row times the Jacobian needs no transpose.",
)
def weights_transposed(dh, states, weight_hh):
    return _back(dh, states[:0:-1], weight_hh.T)


@wrong_answer(
    "norms_back",
    hint="Your slopes are those of the step before: the slope of a step is taken at the state "
    "that this step made.",
)
def slopes_one_step_early(dh, states, weight_hh):
    return _back(dh, states[-2::-1], weight_hh)


@wrong_answer(
    "norms_back",
    hint="Your first row is already one step back. The lag 0 is the gradient as it came.",
)
def lag_zero_missing(dh, states, weight_hh):
    return _back(dh, states[::-1], weight_hh)[1:]


@wrong_answer(
    "norms_back",
    hint="Your rows stand in the order of time. They are asked for by lag, the last state first.",
)
def order_of_time(dh, states, weight_hh):
    return _back(dh, states[:0:-1], weight_hh)[::-1]


@wrong_answer(
    "norms_back",
    hint="You multiply by the weights and never by a slope.",
)
def slopes_forgotten(dh, states, weight_hh):
    return _back(dh, states[:0:-1], weight_hh, np.ones_like)


@wrong_answer(
    "norms_back",
    hint="Your numbers are squares of norms.",
)
def squares_of_norms(dh, states, weight_hh):
    return _back(dh, states[:0:-1], weight_hh, norm=lambda d: (d**2).sum(axis=1))


@wrong_answer(
    "norms_back",
    hint="You walk through the states from the first to the last. A gradient meets the last first.",
)
def states_forwards(dh, states, weight_hh):
    return _back(dh, states[:-1], weight_hh)


# -------------------------------------------------------------------------------- start_scale


@wrong_answer(
    "start_scale",
    hint="Your scale is right for silent inputs. They bring variance of their own.",
)
def inputs_forgotten(D, H, input_sd, weight_sd, state_var):
    return float(1 / np.sqrt(H))


@wrong_answer(
    "start_scale",
    hint="Your answer is a variance. The standard deviation is its root.",
)
def variance_for_standard_deviation(D, H, input_sd, weight_sd, state_var):
    rest = max(state_var - D * (weight_sd * input_sd) ** 2, 0.0)
    return float(rest / (H * state_var))


@wrong_answer(
    "start_scale",
    hint="Only one input counts in yours. There are D of them, and their variances add up.",
)
def one_input(D, H, input_sd, weight_sd, state_var):
    return float(np.sqrt(max(state_var - (weight_sd * input_sd) ** 2, 0.0) / (H * state_var)))


@wrong_answer(
    "start_scale",
    hint="You take standard deviations where variances add up.",
)
def standard_deviations_added(D, H, input_sd, weight_sd, state_var):
    return float(np.sqrt(max(state_var - D * weight_sd * input_sd, 0.0) / (H * state_var)))


@wrong_answer(
    "start_scale",
    hint="Your old states have the variance 1. Here it is state_var.",
)
def states_of_variance_one(D, H, input_sd, weight_sd, state_var):
    return float(np.sqrt(max(state_var - D * (weight_sd * input_sd) ** 2, 0.0) / H))


@wrong_answer(
    "start_scale",
    hint="With loud inputs your root is of a negative number. What should come back then?",
)
def loud_inputs_not_caught(D, H, input_sd, weight_sd, state_var):
    rest = state_var - D * (weight_sd * input_sd) ** 2
    return float(np.sqrt(abs(rest) / (H * state_var)))


@wrong_answer(
    "start_scale",
    hint="Your scale does not fall with H. Every new unit adds up H terms.",
)
def units_forgotten(D, H, input_sd, weight_sd, state_var):
    return float(np.sqrt(max(state_var - D * (weight_sd * input_sd) ** 2, 0.0) / state_var))


# ------------------------------------------------------------------------------ mended_update


def _norm(arrays):
    return np.sqrt(sum((a**2).sum() for a in arrays.values()))


def _update(theta, velocity, clipped, rate, momentum):
    velocity = {name: momentum * velocity[name] + clipped[name] for name in clipped}
    return {name: theta[name] - rate * velocity[name] for name in theta}, velocity


def _shrink(arrays, norm, max_norm):
    return {name: a * (max_norm / max(norm, max_norm)) for name, a in arrays.items()}


@wrong_answer(
    "mended_update",
    hint="You clip the velocity. It remembers the large gradients of before, and clipping it cuts "
    "the small ones of now; clip what comes in.",
)
def velocity_clipped(theta, grads, velocity, rate, momentum, max_norm):
    fast = {name: momentum * velocity[name] + grads[name] for name in grads}
    fast = _shrink(fast, _norm(fast), max_norm)
    return {name: theta[name] - rate * fast[name] for name in theta}, fast


@wrong_answer(
    "mended_update",
    hint="Each of your arrays is clipped on its own. That bends the direction of the whole.",
)
def each_array_on_its_own(theta, grads, velocity, rate, momentum, max_norm):
    clipped = {n: g * max_norm / max(np.linalg.norm(g), max_norm) for n, g in grads.items()}
    return _update(theta, velocity, clipped, rate, momentum)


@wrong_answer(
    "mended_update",
    hint="Your norm is the largest entry. The global norm is the Euclidean one.",
)
def largest_entry_for_norm(theta, grads, velocity, rate, momentum, max_norm):
    norm = max(np.abs(g).max() for g in grads.values())
    return _update(theta, velocity, _shrink(grads, norm, max_norm), rate, momentum)


@wrong_answer(
    "mended_update",
    hint="A gradient below the threshold is scaled up by yours. Clipping only shortens.",
)
def short_gradients_lengthened(theta, grads, velocity, rate, momentum, max_norm):
    norm = _norm(grads)
    clipped = {name: g * max_norm / norm for name, g in grads.items()}
    return _update(theta, velocity, clipped, rate, momentum)


@wrong_answer(
    "mended_update",
    hint="Your norm is a sum of the arrays' norms. Their squares add up, and the root comes last.",
)
def norms_added_up(theta, grads, velocity, rate, momentum, max_norm):
    norm = sum(np.linalg.norm(g) for g in grads.values())
    return _update(theta, velocity, _shrink(grads, norm, max_norm), rate, momentum)


@wrong_answer(
    "mended_update",
    hint="You clip entry by entry. The whole gradient has one length and keeps its direction.",
)
def clipped_by_value(theta, grads, velocity, rate, momentum, max_norm):
    clipped = {name: np.clip(g, -max_norm, max_norm) for name, g in grads.items()}
    return _update(theta, velocity, clipped, rate, momentum)


@wrong_answer(
    "mended_update",
    hint="Your norm lacks its root, so far too much is cut.",
)
def root_forgotten(theta, grads, velocity, rate, momentum, max_norm):
    clipped = _shrink(grads, _norm(grads) ** 2, max_norm)
    return _update(theta, velocity, clipped, rate, momentum)


@wrong_answer(
    "mended_update",
    hint="Your answer is right, and the dicts that came in are not what they were before the call.",
)
def written_into_the_arguments(theta, grads, velocity, rate, momentum, max_norm):
    clipped = _shrink(grads, _norm(grads), max_norm)
    for name in theta:
        velocity[name] = momentum * velocity[name] + clipped[name]
        theta[name] = theta[name] - rate * velocity[name]
    return theta, velocity


@wrong_answer(
    "mended_update",
    hint="Nothing is clipped by yours.",
)
def not_clipped(theta, grads, velocity, rate, momentum, max_norm):
    return _update(theta, velocity, grads, rate, momentum)


# ------------------------------------------------------------------------------ clip_two_ways

_TWO = {
    "value_norm": 3**0.5,
    "value_cosine": 15 / 303**0.5,
    "norm_cosine": 1.0,
    "last_share": 101**0.5,
}

wrong_answer(
    "clip_two_ways",
    hint="You give clipping by value the norm 1. It limits each entry, and there are several.",
    value=_changed(_TWO, value_norm=1.0),
)
wrong_answer(
    "clip_two_ways",
    hint="Your number is an angle. Its cosine is asked for.",
    value=_changed(_TWO, value_cosine=30.4887 * np.pi / 180, norm_cosine=0.0),
)
wrong_answer(
    "clip_two_ways",
    hint="By value the direction does not stay: the large entries shrink more than the small ones.",
    value=_changed(_TWO, value_cosine=1.0),
)
wrong_answer(
    "clip_two_ways",
    hint="Your share is the other way round: by value, divided by the one by norm.",
    value=_changed(_TWO, last_share=101**-0.5),
)
wrong_answer(
    "clip_two_ways",
    hint="In your gradient clipped by value the zero has become 1. Only entries beyond ±1 change.",
    value=_changed(_TWO, value_norm=2.0, value_cosine=15 / 404**0.5),
)


# ------------------------------------------------------------------------------ mended_adding


def _marks(numbers, *steps):
    marks = np.zeros(numbers.shape)
    for step in steps:
        marks[step, np.arange(numbers.shape[1])] = 1
    return marks


@wrong_answer(
    "mended_adding",
    hint="You mark a step in all sequences at once. Each sequence has its own two steps.",
)
def whole_rows_marked(numbers, first, second):
    marks = np.zeros(numbers.shape)
    marks[first] = marks[second] = 1
    return np.stack([numbers, marks], axis=-1), (numbers * marks).sum(axis=0)[:, None]


@wrong_answer(
    "mended_adding",
    hint="Your target is a mean over all steps. The sum of the two is asked for.",
)
def mean_for_sum(numbers, first, second):
    marks = _marks(numbers, first, second)
    return np.stack([numbers, marks], axis=-1), (numbers * marks).mean(axis=0)[:, None]


@wrong_answer(
    "mended_adding",
    hint="Your target has no axis of length 1, so a read-out of shape (N, 1) would be compared "
    "with all targets at once.",
)
def target_without_an_axis(numbers, first, second):
    marks = _marks(numbers, first, second)
    return np.stack([numbers, marks], axis=-1), (numbers * marks).sum(axis=0)


@wrong_answer(
    "mended_adding",
    hint="Your inputs stand on the first axis. Time comes first and the inputs last.",
)
def inputs_first(numbers, first, second):
    marks = _marks(numbers, first, second)
    return np.stack([numbers, marks]), (numbers * marks).sum(axis=0)[:, None]


@wrong_answer(
    "mended_adding",
    hint="Your inputs show the mark first and the number second.",
)
def mark_before_number(numbers, first, second):
    marks = _marks(numbers, first, second)
    return np.stack([marks, numbers], axis=-1), (numbers * marks).sum(axis=0)[:, None]


@wrong_answer(
    "mended_adding",
    hint="Your target is the sum of all numbers of a sequence. Only two are marked.",
)
def sum_of_all_numbers(numbers, first, second):
    marks = _marks(numbers, first, second)
    return np.stack([numbers, marks], axis=-1), numbers.sum(axis=0)[:, None]


@wrong_answer(
    "mended_adding",
    hint="Your steps are counted from 1. The first step is number 0.",
)
def steps_counted_from_one(numbers, first, second):
    marks = _marks(numbers, first - 1, second - 1)
    return np.stack([numbers, marks], axis=-1), (numbers * marks).sum(axis=0)[:, None]
