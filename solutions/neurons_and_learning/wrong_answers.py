"""Mistakes that people make in the assignment on neurons and learning, each with its hint."""

import numpy as np

from rnncore.checking import wrong_answer
from rnncore.numpy import LinearParams

# -------------------------------------------------------------------------------- swish_slope


def _gate(z):
    return 1 / (1 + np.exp(-z))


@wrong_answer(
    "swish_slope",
    hint="Your slope is the gate alone. The gate depends on a as well, so the product rule has a "
    "second half.",
)
def second_half_of_the_product_missing(a, beta):
    return _gate(beta * a)


@wrong_answer(
    "swish_slope",
    hint="Your slope is zero at a = 0, where it should be ½. The factor a in front has a slope of "
    "its own.",
)
def first_half_of_the_product_missing(a, beta):
    gate = _gate(beta * a)
    return a * beta * gate * (1 - gate)


@wrong_answer(
    "swish_slope",
    hint="β is missing once. By the chain rule the slope of σ(βa) has β as a factor.",
)
def inner_slope_forgotten(a, beta):
    gate = _gate(beta * a)
    return gate + a * gate * (1 - gate)


@wrong_answer(
    "swish_slope",
    hint="In the second half of the product rule the factor a stays as it is; in yours it is gone.",
)
def outer_factor_forgotten(a, beta):
    gate = _gate(beta * a)
    return gate + beta * gate * (1 - gate)


@wrong_answer(
    "swish_slope",
    hint="Your function returns the swish itself. Its slope is asked for.",
)
def value_for_slope(a, beta):
    return a * _gate(beta * a)


@wrong_answer(
    "swish_slope",
    hint="Your slope is right for β = 1 alone. β stands inside the sigmoid.",
)
def beta_ignored(a, beta):
    gate = _gate(a)
    return gate + a * gate * (1 - gate)


# ---------------------------------------------------------------------------------- saturated

wrong_answer(
    "saturated",
    hint="Your standard deviation grows with D. Variances add up, and the standard deviation is "
    "the root of their sum.",
    value={"sd": 20.0, "tanh_share": 0.9133, "sigmoid_share": 0.8276, "half": 0.0323},
)
wrong_answer(
    "saturated",
    hint="Your first number is a variance. Take its root before you divide by it.",
    value={"sd": 4.0, "tanh_share": 0.5861, "sigmoid_share": 0.2761, "half": 0.1797},
)
wrong_answer(
    "saturated",
    hint="Your shares count one side of zero alone. Units sleep on both sides.",
    value={"sd": 2.0, "tanh_share": 0.1380, "sigmoid_share": 0.0147, "half": 0.3230},
)
wrong_answer(
    "saturated",
    hint="You give the sigmoid the edge of tanh. The sigmoid is a stretched tanh: by which factor, "
    "and in which direction?",
    value={"sd": 2.0, "tanh_share": 0.2761, "sigmoid_share": 0.2761, "half": 0.3230},
)
wrong_answer(
    "saturated",
    hint="You squeeze the sigmoid's edge where it is stretched. Is a sigmoid steeper than tanh, or "
    "flatter?",
    value={"sd": 2.0, "tanh_share": 0.2761, "sigmoid_share": 0.5861, "half": 0.3230},
)
wrong_answer(
    "saturated",
    hint="Your shares are those of the units that are awake.",
    value={"sd": 2.0, "tanh_share": 0.7239, "sigmoid_share": 0.9706, "half": 0.3230},
)
wrong_answer(
    "saturated",
    hint="Your last number is the standard deviation of the pre-activations. The weights' own is "
    "asked for.",
    value={"sd": 2.0, "tanh_share": 0.2761, "sigmoid_share": 0.0294, "half": 3.2295},
)

# --------------------------------------------------------------------------------- parity_net


def _counting_net(biases, outputs, offset=0.0):
    biases, outputs = np.array(biases), np.array([outputs])
    hidden = LinearParams(weight=np.ones((len(biases), 3)), bias=biases)
    return hidden, LinearParams(weight=outputs, bias=np.array([offset]))


@wrong_answer(
    "parity_net",
    hint="Your net is right for two bits and not for three. Three ones are odd again, so the line "
    "must turn up once more.",
)
def right_for_two_bits():
    return _counting_net([0.0, -1.0], [1.0, -2.0])


@wrong_answer(
    "parity_net",
    hint="Your net turns the slope by 1 at each kink, so the line becomes flat. To turn from up to "
    "down, a slope of 1 has to change by 2.",
)
def kinks_half_as_sharp():
    return _counting_net([0.0, -1.0, -2.0], [1.0, -1.0, 1.0])


@wrong_answer(
    "parity_net",
    hint="Your net says 1 for an even number of ones. It is the odd ones that are asked for.",
)
def even_for_odd():
    return _counting_net([0.0, -1.0, -2.0], [-1.0, 2.0, -2.0], 1.0)


@wrong_answer(
    "parity_net",
    hint="Your line only rises: the net counts the ones.",
)
def counts_the_ones():
    return _counting_net([0.0, -1.0, -2.0], [1.0, 0.0, 0.0])


@wrong_answer(
    "parity_net",
    hint="All your hidden units have the same kink. Their biases should put the kinks at different "
    "numbers of ones.",
)
def all_kinks_at_one_place():
    return _counting_net([0.0, 0.0, 0.0], [1.0, -2.0, 2.0])


# --------------------------------------------------------------------------------- log_shares


def _log_softmax(scaled, axis=1):
    shifted = scaled - scaled.max(axis=axis, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))


@wrong_answer(
    "log_shares",
    hint="Your exponentials overflow. Only differences of logits count: which number can you "
    "subtract first?",
)
def exponentials_overflow(logits, temperature):
    weights = np.exp(logits / temperature[:, None])
    return np.log(weights / weights.sum(axis=1, keepdims=True))


@wrong_answer(
    "log_shares",
    hint="A share of yours has become zero before you took its logarithm. Find the logarithm "
    "without the share.",
)
def shares_underflow(logits, temperature):
    scaled = logits / temperature[:, None]
    weights = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    return np.log(weights / weights.sum(axis=1, keepdims=True))


@wrong_answer(
    "log_shares",
    hint="Your temperature multiplies. A high temperature should even the shares out.",
)
def temperature_multiplies(logits, temperature):
    return _log_softmax(logits * temperature[:, None])


@wrong_answer(
    "log_shares",
    hint="You divide the logarithms of the shares by the temperature, so the shares of a row no "
    "longer add up to 1. The temperature belongs before the softmax.",
)
def temperature_after_the_softmax(logits, temperature):
    return _log_softmax(logits) / temperature[:, None]


@wrong_answer(
    "log_shares",
    hint="Your shares add up to 1 along the columns. The classes of an example stand in a row.",
)
def along_the_batch(logits, temperature):
    return _log_softmax(logits / temperature[:, None], axis=0)


@wrong_answer(
    "log_shares",
    hint="Your answer is the same for every temperature.",
)
def temperature_ignored(logits, temperature):
    return _log_softmax(logits)


@wrong_answer(
    "log_shares",
    hint="Your function returns shares. Their logarithms are asked for.",
)
def shares_themselves(logits, temperature):
    return np.exp(_log_softmax(logits / temperature[:, None]))


# ------------------------------------------------------------------------------ smoothed_loss


def _mixture(logits, targets, smoothing, prior):
    return (1 - smoothing) * np.eye(logits.shape[1])[targets] + smoothing * prior


def _loss_to(q, logits, of_gradient=None):
    of_gradient = q if of_gradient is None else of_gradient
    log_p = _log_softmax(logits)
    return -(q * log_p).sum() / len(logits), (np.exp(log_p) - of_gradient) / len(logits)


@wrong_answer(
    "smoothed_loss",
    hint="Your gradient is too large by the size of the batch. The loss is a mean, and so its "
    "gradient is divided by N.",
)
def gradient_of_the_sum(logits, targets, smoothing, prior):
    loss, dlogits = _loss_to(_mixture(logits, targets, smoothing, prior), logits)
    return loss, dlogits * len(logits)


@wrong_answer(
    "smoothed_loss",
    hint="Your loss and gradient are those of the whole batch added up. The mean is asked for.",
)
def sum_over_the_batch(logits, targets, smoothing, prior):
    loss, dlogits = _loss_to(_mixture(logits, targets, smoothing, prior), logits)
    return loss * len(logits), dlogits * len(logits)


@wrong_answer(
    "smoothed_loss",
    hint="Your loss is right. Your gradient is that of the plain cross entropy: the targets are no "
    "longer one-hot.",
)
def gradient_to_hard_targets(logits, targets, smoothing, prior):
    q = _mixture(logits, targets, smoothing, prior)
    return _loss_to(q, logits, np.eye(logits.shape[1])[targets])


@wrong_answer(
    "smoothed_loss",
    hint="You spread λ evenly over the classes. Here the prior says how much each gets.",
)
def spread_evenly(logits, targets, smoothing, prior):
    K = logits.shape[1]
    return _loss_to(_mixture(logits, targets, smoothing, np.full(K, 1 / K)), logits)


@wrong_answer(
    "smoothed_loss",
    hint="Your named class gets nothing of the prior. It takes its part like all the others, so "
    "that the targets add up to 1.",
)
def named_class_left_out_of_the_prior(logits, targets, smoothing, prior):
    hard = np.eye(logits.shape[1])[targets]
    return _loss_to((1 - smoothing) * hard + smoothing * prior * (1 - hard), logits)


@wrong_answer(
    "smoothed_loss",
    hint="The two shares have changed places: it is 1 − λ that stays on the class of the label.",
)
def shares_of_the_mixture_swapped(logits, targets, smoothing, prior):
    return _loss_to(_mixture(logits, targets, 1 - smoothing, prior), logits)


@wrong_answer(
    "smoothed_loss",
    hint="Your gradient points downhill. A gradient is said minus meant, and an optimiser takes "
    "care of the direction.",
)
def gradient_with_the_other_sign(logits, targets, smoothing, prior):
    loss, dlogits = _loss_to(_mixture(logits, targets, smoothing, prior), logits)
    return loss, -dlogits


# ------------------------------------------------------------------------------ skip_backward


def _skip(dy, cache, slope=None, reduce=np.sum, straight=1.0):
    x, h, W1, W2, W3 = cache
    da = (dy @ W2) * (slope(h) if slope else (1 - np.abs(h)) ** 2)
    dx = da @ W1 + straight * (dy @ W3)
    return dx, da.T @ x, reduce(da, axis=0), dy.T @ h, reduce(dy, axis=0), dy.T @ x


@wrong_answer(
    "skip_backward",
    hint="Your hidden layer has the slope of tanh. The softsign's is another one.",
)
def slope_of_tanh(dy, cache):
    return _skip(dy, cache, lambda h: 1 - h**2)


@wrong_answer(
    "skip_backward",
    hint="Your slope of the softsign lacks a square. What is 1 − |h| in terms of a?",
)
def slope_not_squared(dy, cache):
    return _skip(dy, cache, lambda h: 1 - np.abs(h))


@wrong_answer(
    "skip_backward",
    hint="Your slope is right for positive pre-activations alone. Which sign has h where a is "
    "negative?",
)
def slope_without_absolute_value(dy, cache):
    return _skip(dy, cache, lambda h: (1 - h) ** 2)


@wrong_answer(
    "skip_backward",
    hint="Your gradient passes the hidden layer as if it did not bend.",
)
def slope_forgotten(dy, cache):
    return _skip(dy, cache, np.ones_like)


@wrong_answer(
    "skip_backward",
    hint="Your dx comes through the hidden layer alone. How many ways lead from x to y?",
)
def short_cut_forgotten_in_dx(dy, cache):
    return _skip(dy, cache, straight=0.0)


@wrong_answer(
    "skip_backward",
    hint="Your biases get the mean over the batch. They serve every example, and the gradients of "
    "all add up.",
)
def mean_over_the_batch_for_biases(dy, cache):
    return _skip(dy, cache, reduce=np.mean)


@wrong_answer(
    "skip_backward",
    hint="Your weights of the hidden layer get the gradient at h, not the one at the "
    "pre-activation: the slope comes before them.",
)
def first_weights_without_the_slope(dy, cache):
    x, _, _, W2, _ = cache
    dx, _, db1, dW2, db2, dW3 = _skip(dy, cache)
    return dx, (dy @ W2).T @ x, db1, dW2, db2, dW3


# ----------------------------------------------------------------------------- mended_amsgrad

_BETA1, _BETA2, _EPSILON = 0.9, 0.99, 0.01


def _running(g, m, s):
    return _BETA1 * m + (1 - _BETA1) * g, _BETA2 * s + (1 - _BETA2) * g**2


def _step(m, r, steps, epsilon=_EPSILON):
    u = steps + 1
    return m / (1 - _BETA1**u) / (np.sqrt(r / (1 - _BETA2**u)) + epsilon)


@wrong_answer(
    "mended_amsgrad",
    hint="Your decay goes through the running means, so it is divided like a gradient. It should "
    "shrink theta past them.",
)
def decay_in_the_gradient(theta, g, m, s, r, steps, rate, decay):
    m, s = _running(g + decay * theta, m, s)
    r = np.maximum(r, s)
    return theta - rate * _step(m, r, steps), m, s, r


@wrong_answer(
    "mended_amsgrad",
    hint="Your decay is the same for every learning rate. Look at what λ is multiplied by.",
)
def decay_without_the_rate(theta, g, m, s, r, steps, rate, decay):
    m, s = _running(g, m, s)
    r = np.maximum(r, s)
    return (1 - decay) * theta - rate * _step(m, r, steps), m, s, r


@wrong_answer(
    "mended_amsgrad",
    hint="Your decay shrinks what the step has already moved. Which theta does it draw on in the "
    "equation?",
)
def decay_after_the_step(theta, g, m, s, r, steps, rate, decay):
    m, s = _running(g, m, s)
    r = np.maximum(r, s)
    return (1 - rate * decay) * (theta - rate * _step(m, r, steps)), m, s, r


@wrong_answer(
    "mended_amsgrad",
    hint="Your theta does not decay.",
)
def no_decay(theta, g, m, s, r, steps, rate, decay):
    m, s = _running(g, m, s)
    r = np.maximum(r, s)
    return theta - rate * _step(m, r, steps), m, s, r


@wrong_answer(
    "mended_amsgrad",
    hint="Your r looks one step back and no further, so a peak is forgotten. What does the "
    "argument r hold?",
)
def peak_of_two_steps(theta, g, m, s, r, steps, rate, decay):
    before = s
    m, s = _running(g, m, s)
    r = np.maximum(before, s)
    return (1 - rate * decay) * theta - rate * _step(m, r, steps), m, s, r


@wrong_answer(
    "mended_amsgrad",
    hint="Your r is right, and your step divides by s.",
)
def divided_by_the_present_mean(theta, g, m, s, r, steps, rate, decay):
    m, s = _running(g, m, s)
    r = np.maximum(r, s)
    return (1 - rate * decay) * theta - rate * _step(m, s, steps), m, s, r


@wrong_answer(
    "mended_amsgrad",
    hint="Your maximum is taken over means that are divided already. The division comes after it, "
    "and is not kept.",
)
def peak_of_divided_means(theta, g, m, s, r, steps, rate, decay):
    m, s = _running(g, m, s)
    r = np.maximum(r, s / (1 - _BETA2 ** (steps + 1)))
    step = m / (1 - _BETA1 ** (steps + 1)) / (np.sqrt(r) + _EPSILON)
    return (1 - rate * decay) * theta - rate * step, m, s, r


@wrong_answer(
    "mended_amsgrad",
    hint="Both of your means have the same divisor. They forget at different speeds.",
)
def one_divisor_for_both(theta, g, m, s, r, steps, rate, decay):
    m, s = _running(g, m, s)
    r = np.maximum(r, s)
    u = steps + 1
    step = _step(m, r, steps) * (1 - _BETA1**u) / (1 - _BETA2**u)
    return (1 - rate * decay) * theta - rate * step, m, s, r


@wrong_answer(
    "mended_amsgrad",
    hint="You divide by zero at the first step. Is the step that you are taking counted?",
)
def this_step_not_counted(theta, g, m, s, r, steps, rate, decay):
    m, s = _running(g, m, s)
    r = np.maximum(r, s)
    m_fair, r_fair = m / np.float64(1 - _BETA1**steps), r / np.float64(1 - _BETA2**steps)
    step = m_fair / (np.sqrt(r_fair) + _EPSILON)
    return (1 - rate * decay) * theta - rate * step, m, s, r


@wrong_answer(
    "mended_amsgrad",
    hint="Your parameters are right and your means are not. You return them divided, and the next "
    "step would divide them again.",
)
def divided_means_kept(theta, g, m, s, r, steps, rate, decay):
    m, s = _running(g, m, s)
    r = np.maximum(r, s)
    u = steps + 1
    theta = (1 - rate * decay) * theta - rate * _step(m, r, steps)
    return theta, m / (1 - _BETA1**u), s / (1 - _BETA2**u), r / (1 - _BETA2**u)


@wrong_answer(
    "mended_amsgrad",
    hint="Your step is right, and m is not what it was before the call.",
)
def m_changed_in_place(theta, g, m, s, r, steps, rate, decay):
    after, s = _running(g, m, s)
    m[...] = after
    r = np.maximum(r, s)
    return (1 - rate * decay) * theta - rate * _step(m, r, steps), m, s, r


@wrong_answer(
    "mended_amsgrad",
    hint="Your epsilon stands inside the root. Look at where it stands in the equation.",
)
def epsilon_inside_the_root(theta, g, m, s, r, steps, rate, decay):
    m, s = _running(g, m, s)
    r = np.maximum(r, s)
    u = steps + 1
    step = m / (1 - _BETA1**u) / np.sqrt(r / (1 - _BETA2**u) + _EPSILON)
    return (1 - rate * decay) * theta - rate * step, m, s, r


@wrong_answer(
    "mended_amsgrad",
    hint="Your step goes uphill.",
)
def uphill(theta, g, m, s, r, steps, rate, decay):
    m, s = _running(g, m, s)
    r = np.maximum(r, s)
    return (1 - rate * decay) * theta + rate * _step(m, r, steps), m, s, r


# ----------------------------------------------------------------------------- mended_dropout


@wrong_answer(
    "mended_dropout",
    hint="All rows of your batch lose the same units. Which draws belong to which example?",
)
def one_mask_for_the_batch(x, draws, rates, training):
    return x * (draws[0] >= rates) / (1 - rates) if training else x


@wrong_answer(
    "mended_dropout",
    hint="You divide by the rate. An entry survives with another probability.",
)
def divided_by_the_rate(x, draws, rates, training):
    return x * (draws >= rates) / np.maximum(rates, 1e-9) if training else x


@wrong_answer(
    "mended_dropout",
    hint="Your mask is turned round: an entry is dropped where its draw is below the rate.",
)
def mask_turned_round(x, draws, rates, training):
    return x * (draws < rates) / (1 - rates) if training else x


@wrong_answer(
    "mended_dropout",
    hint="Your entries are not scaled, so their mean is too small in training.",
)
def not_scaled(x, draws, rates, training):
    return x * (draws >= rates) if training else x


@wrong_answer(
    "mended_dropout",
    hint="Your function still scales in use. In training the division has already made the means "
    "right.",
)
def scaled_in_use_as_well(x, draws, rates, training):
    return x * (draws >= rates) / (1 - rates) if training else x * (1 - rates)


@wrong_answer(
    "mended_dropout",
    hint="Your function drops entries in use. A trained net is used whole.",
)
def drops_in_use(x, draws, rates, training):
    return x * (draws >= rates) / (1 - rates)


@wrong_answer(
    "mended_dropout",
    hint="Your answer is right, and x is not what it was before the call.",
)
def written_into_x(x, draws, rates, training):
    if training:
        x *= (draws >= rates) / (1 - rates)
    return x


# --------------------------------------------------------------------------------- stop_early


def _stop(losses, patience, is_new_best):
    best = 0
    for now in range(1, len(losses)):
        if is_new_best(losses, now, best):
            best = now
        if now - best == patience:
            return best, now + 1
    return best, len(losses)


@wrong_answer(
    "stop_early",
    hint="Every small gain is a new best of yours. It should be better by more than min_delta.",
)
def min_delta_ignored(losses, patience, min_delta):
    return _stop(losses, patience, lambda seen, now, best: seen[now] < seen[best])


@wrong_answer(
    "stop_early",
    hint="You wait one loss too long: after as many as patience says it is over.",
)
def one_loss_too_patient(losses, patience, min_delta):
    return _stop(losses, patience + 1, lambda seen, now, best: seen[now] < seen[best] - min_delta)


@wrong_answer(
    "stop_early",
    hint="Your index is that of the least loss in the whole list. What comes after the stop is "
    "never seen, and a small gain is no new best.",
)
def least_loss_of_the_whole_list(losses, patience, min_delta):
    _, passes = _stop(losses, patience, lambda seen, now, best: seen[now] < seen[best] - min_delta)
    return losses.index(min(losses)), passes


@wrong_answer(
    "stop_early",
    hint="Your second number is an index. The number of losses that came in is one more.",
)
def index_for_a_number(losses, patience, min_delta):
    best, passes = _stop(
        losses, patience, lambda seen, now, best: seen[now] < seen[best] - min_delta
    )
    return best, passes - 1


@wrong_answer(
    "stop_early",
    hint="You compare each loss with the one before it. The mark is the last new best.",
)
def compared_with_the_loss_before(losses, patience, min_delta):
    return _stop(losses, patience, lambda seen, now, best: seen[now] < seen[now - 1] - min_delta)


@wrong_answer(
    "stop_early",
    hint="Your mark goes down with every small gain, so a loss that creeps down never beats it. "
    "Only a new best moves the mark.",
)
def mark_creeps_along(losses, patience, min_delta):
    return _stop(losses, patience, lambda seen, now, best: seen[now] < min(seen[:now]) - min_delta)


@wrong_answer(
    "stop_early",
    hint="You add up all losses that are no new best. They count in a row: a new best starts the "
    "count again.",
)
def waiting_never_starts_again(losses, patience, min_delta):
    best, waited = 0, 0
    for now in range(1, len(losses)):
        if losses[now] < losses[best] - min_delta:
            best = now
        else:
            waited += 1
        if waited == patience:
            return best, now + 1
    return best, len(losses)


# -------------------------------------------------------------------------------- batch_noise

_MEASURED = {"sd_10": 1.1276, "sd_90": 0.3759, "wrong_way": 0.3245, "times": 4}

wrong_answer(
    "batch_noise",
    hint="Your standard deviations are those of the single examples, whatever the batch. A mean of "
    "several trembles less.",
    value={**_MEASURED, "sd_10": 3.5657, "sd_90": 3.5657},
)
wrong_answer(
    "batch_noise",
    hint="Your standard deviations fall in proportion to the size of the batch. It is the variance "
    "that does so.",
    value={**_MEASURED, "sd_10": 0.3566, "sd_90": 0.0396, "times": 2},
)
wrong_answer(
    "batch_noise",
    hint="Your last number is what halves the variance. The standard deviation is its root.",
    value={**_MEASURED, "times": 2},
)
wrong_answer(
    "batch_noise",
    hint="Your share is that of the mini-batches that point the right way.",
    value={**_MEASURED, "wrong_way": 0.6755},
)
wrong_answer(
    "batch_noise",
    hint="Your first two numbers are variances.",
    value={**_MEASURED, "sd_10": 1.2714, "sd_90": 0.1413},
)
wrong_answer(
    "batch_noise",
    hint="Your numbers for 10 and 90 stand in each other's place.",
    value={**_MEASURED, "sd_10": 0.3759, "sd_90": 1.1276},
)
