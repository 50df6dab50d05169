"""Mistakes that people make in the assignment on backpropagation through time, with their hints."""

import numpy as np

from rnncore.checking import wrong_answer

# ----------------------------------------------------------------------------- square_by_hand

wrong_answer(
    "square_by_hand",
    hint="Your dw is the share of the last step alone. The weight is used at every step.",
    value={"dh_2": 0.5, "dw": 0.8, "dh_0": -3.0, "dx_1": 1.5},
)
wrong_answer(
    "square_by_hand",
    hint="Your gradient at h_2 comes through h_3 alone. The loss hears h_2 directly as well.",
    value={"dh_2": 0.4, "dw": 9.2, "dh_0": -2.4, "dx_1": 1.2},
)
wrong_answer(
    "square_by_hand",
    hint="Your gradient at h_2 is what the loss sends there directly. A second road leads through "
    "h_3.",
    value={"dh_2": 0.1, "dw": 2.9, "dh_0": -0.6, "dx_1": 0.3},
)
wrong_answer(
    "square_by_hand",
    hint="A factor is missing in your slope of a step: what is the derivative of a square?",
    value={"dh_2": 0.3, "dw": 5.3, "dh_0": -0.45, "dx_1": 0.45},
)
wrong_answer(
    "square_by_hand",
    hint="Your slope of a step at the old state lacks w.",
    value={"dh_2": 0.9, "dw": 30.5, "dh_0": -21.6, "dx_1": 5.4},
)
wrong_answer(
    "square_by_hand",
    hint="Your dw multiplies by the new state of each step. What did w multiply?",
    value={"dh_2": 0.5, "dw": 15.7, "dh_0": -3.0, "dx_1": 1.5},
)
wrong_answer(
    "square_by_hand",
    hint="Your dw multiplies by the old state. In this cell w stands before something else.",
    value={"dh_2": 0.5, "dw": -1.1, "dh_0": -3.0, "dx_1": 1.5},
)
wrong_answer(
    "square_by_hand",
    hint="Your dh_0 has lost the sign of h_0: the slope of a square is negative on the left.",
    value={"dh_2": 0.5, "dw": 11.3, "dh_0": 3.0, "dx_1": 1.5},
)

# --------------------------------------------------------------------------------------- bptt


def _bptt(dh, cache, *, slope=None, roads=None, before=None, back=None, first=None, sums=None):
    """The way back through a tanh cell that is right but for the parts that are given."""
    x, h0, h, W, U = cache
    old = before(h0, h) if before else np.concatenate([h0[None], h[:-1]])
    dx, from_next, shares = np.zeros_like(x), np.zeros_like(h0), []
    for t in reversed(range(len(x))):
        arrived = roads(dh[t], from_next, t == len(x) - 1) if roads else dh[t] + from_next
        delta = arrived * (slope(h[t]) if slope else 1 - h[t] ** 2)
        dx[t] = delta @ W
        shares.append((delta.T @ x[t], delta.T @ old[t], delta.sum(axis=0)))
        from_next = back(delta, U) if back else delta @ U
    dh0 = first(delta, from_next) if first else from_next
    dW, dU, db = sums(shares) if sums else map(sum, zip(*shares, strict=True))
    return dx, dh0, dW, dU, db


@wrong_answer(
    "bptt",
    hint="Your parameters get the share of one step alone. All steps use them: add up.",
)
def one_share_for_the_sum(dh, cache):
    return _bptt(dh, cache, sums=lambda shares: shares[-1])


@wrong_answer(
    "bptt",
    hint="Your gradient never goes from a step to the one before. How does an old state reach the "
    "loss?",
)
def carried_gradient_forgotten(dh, cache):
    return _bptt(dh, cache, roads=lambda direct, from_next, last: direct)


@wrong_answer(
    "bptt",
    hint="Only the last step hears its own loss in your way back. dh has an entry for each step.",
)
def loss_of_the_last_step_alone(dh, cache):
    return _bptt(dh, cache, roads=lambda direct, from_next, last: direct if last else from_next)


@wrong_answer(
    "bptt",
    hint="Your gradient passes tanh as if it did not bend.",
)
def slope_of_tanh_forgotten(dh, cache):
    return _bptt(dh, cache, slope=np.ones_like)


@wrong_answer(
    "bptt",
    hint="You apply tanh to the state before you take the slope. h is the output of tanh already.",
)
def tanh_applied_twice(dh, cache):
    return _bptt(dh, cache, slope=lambda h: 1 - np.tanh(h) ** 2)


@wrong_answer(
    "bptt",
    hint="Your dU multiplies by the state after the step. Which state did U multiply?",
)
def new_state_for_the_old(dh, cache):
    return _bptt(dh, cache, before=lambda h0, h: h)


@wrong_answer(
    "bptt",
    hint="Your dU is right for a first state of zero. The first step has an old state too.",
)
def first_state_taken_for_zero(dh, cache):
    return _bptt(dh, cache, before=lambda h0, h: np.concatenate([0 * h0[None], h[:-1]]))


@wrong_answer(
    "bptt",
    hint="A transpose is wrong on the way from a step to the one before: U is square, so no shape "
    "tells you.",
)
def transposed_on_the_way_back(dh, cache):
    return _bptt(dh, cache, back=lambda delta, U: delta @ U.T)


@wrong_answer(
    "bptt",
    hint="Your dh0 is the gradient inside the tanh of the first step. From there it still has to "
    "pass U.",
)
def stopped_before_the_first_state(dh, cache):
    return _bptt(dh, cache, first=lambda delta, from_next: delta)


# --------------------------------------------------------------------------- product_backward


def _product(dh_next, cache, *, slope=True, from_x=None, from_h=None, roads=None):
    x, h, h_next, V, U, W = cache
    da = dh_next * (1 - h_next**2) if slope else dh_next
    d_from_x = from_x(da, x @ V.T, h @ U.T) if from_x else da * (h @ U.T)
    d_from_h = from_h(da, x @ V.T, h @ U.T) if from_h else da * (x @ V.T)
    dx = roads(d_from_x @ V, da @ W) if roads else d_from_x @ V + da @ W
    return dx, d_from_h @ U, d_from_x.T @ x, d_from_h.T @ h, da.T @ x, da.sum(axis=0)


@wrong_answer(
    "product_backward",
    hint="Your gradient passes tanh as if it did not bend.",
)
def product_without_slope(dh_next, cache):
    return _product(dh_next, cache, slope=False)


@wrong_answer(
    "product_backward",
    hint="Your dx comes through the product alone. x has a second road, through W.",
)
def road_through_w_forgotten(dh_next, cache):
    return _product(dh_next, cache, roads=lambda product, plain: product)


@wrong_answer(
    "product_backward",
    hint="Your dx comes through W alone. x has a second road, through the product.",
)
def road_through_v_forgotten(dh_next, cache):
    return _product(dh_next, cache, roads=lambda product, plain: plain)


@wrong_answer(
    "product_backward",
    hint="In your product each factor gets the gradient times itself. The product rule gives it "
    "the other one.",
)
def factors_swapped(dh_next, cache):
    return _product(
        dh_next,
        cache,
        from_x=lambda da, of_x, of_h: da * of_x,
        from_h=lambda da, of_x, of_h: da * of_h,
    )


@wrong_answer(
    "product_backward",
    hint="Your two factors get the gradient as if they were added, and not multiplied.",
)
def product_taken_for_a_sum(dh_next, cache):
    return _product(
        dh_next, cache, from_x=lambda da, of_x, of_h: da, from_h=lambda da, of_x, of_h: da
    )


@wrong_answer(
    "product_backward",
    hint="Your bias gets the mean over the batch. Gradients of parameters are sums.",
)
def product_bias_averaged(dh_next, cache):
    *others, db = _product(dh_next, cache)
    return *others, db / len(dh_next)


@wrong_answer(
    "product_backward",
    hint="Your dh is the gradient at U h. From there to h it still has to pass U, and a transpose "
    "decides how.",
)
def product_transposed(dh_next, cache):
    x, _, h_next, V, U, _ = cache
    dx, _, *others = _product(dh_next, cache)
    return dx, (dh_next * (1 - h_next**2) * (x @ V.T)) @ U.T, *others


# ---------------------------------------------------------------------------- mended_residual


def _residual(dh, cache, *, order=reversed, arrive=None, slope=None, pass_on=None, old=0, last=()):
    """The way back through the residual cell that is right but for the parts that are given."""
    x, h, s, W, U, gamma = cache
    dx, back, shares = np.zeros_like(x), np.zeros_like(h[0]), []
    for t in order(range(len(x))):
        back = arrive(back, dh[t]) if arrive else back + dh[t]
        da = gamma * back * (slope(h[t + 1], s[t]) if slope else 1 - s[t] ** 2)
        dx[t] = da @ W
        shares.append((da.T @ x[t], da.T @ h[t + old], da.sum(axis=0)))
        back = pass_on(back, da @ U) if pass_on else back + da @ U
    sums = list(map(sum, zip(*shares, strict=True)))
    for place in last:
        sums[place] = shares[-1][place]
    return dx, back, *sums


@wrong_answer(
    "mended_residual",
    hint="Your loop still runs from the first step to the last. What has to be known before the "
    "first step can be treated?",
)
def residual_from_the_start(dh, cache):
    return _residual(dh, cache, order=iter)


@wrong_answer(
    "mended_residual",
    hint="What came back from later steps is still thrown away at each step.",
)
def residual_overwrites_what_came_back(dh, cache):
    return _residual(dh, cache, arrive=lambda back, direct: direct)


@wrong_answer(
    "mended_residual",
    hint="Your slope is still taken at h. Which array holds the output of tanh?",
)
def residual_slope_at_the_state(dh, cache):
    return _residual(dh, cache, slope=lambda h, s: 1 - h**2)


@wrong_answer(
    "mended_residual",
    hint="Your weights and bias are still overwritten at each step.",
)
def residual_shares_overwritten(dh, cache):
    return _residual(dh, cache, last=(0, 1, 2))


@wrong_answer(
    "mended_residual",
    hint="Your weights add up and your bias is still overwritten at each step.",
)
def residual_bias_overwritten(dh, cache):
    return _residual(dh, cache, last=(2,))


@wrong_answer(
    "mended_residual",
    hint="Your dU still takes the state after the step.",
)
def residual_new_state(dh, cache):
    return _residual(dh, cache, old=1)


@wrong_answer(
    "mended_residual",
    hint="A state reaches the next one by two roads, and one of them has no weight on it. Your "
    "gradient takes the other alone.",
)
def residual_straight_road_forgotten(dh, cache):
    return _residual(dh, cache, pass_on=lambda back, through: through)


@wrong_answer(
    "mended_residual",
    hint="Your gamma also multiplies what passes straight on to the old state. It belongs to the "
    "move alone.",
)
def gamma_on_the_straight_road(dh, cache):
    gamma = cache[-1]
    return _residual(dh, cache, pass_on=lambda back, through: gamma * back + through)


# ------------------------------------------------------------------------------ tied_backward


def _tied(dy, cache, *, ways_in=1.0, ways_out=1.0, out=1, carry=1.0, slope=True, mean=False):
    x, h, E, U = cache
    dE, dU, db = np.zeros_like(E), np.zeros_like(U), np.zeros(len(E))
    from_next = np.zeros_like(h[0])
    for t in reversed(range(len(x))):
        delta = dy[t] @ E.T + carry * from_next
        delta = delta * (1 - h[t + 1] ** 2) if slope else delta
        dE += ways_in * (delta.T @ x[t]) + ways_out * (h[t + out].T @ dy[t])
        dU += delta.T @ h[t]
        db += delta.sum(axis=0)
        from_next = delta @ U
    return dE, dU, db, dy.mean(axis=(0, 1)) if mean else dy.sum(axis=(0, 1))


@wrong_answer(
    "tied_backward",
    hint="Your dE holds the copy on the way in alone. The matrix has a second job.",
)
def way_in_alone(dy, cache):
    return _tied(dy, cache, ways_out=0.0)


@wrong_answer(
    "tied_backward",
    hint="Your dE holds the copy on the way out alone. The matrix has a second job.",
)
def way_out_alone(dy, cache):
    return _tied(dy, cache, ways_in=0.0)


@wrong_answer(
    "tied_backward",
    hint="Your dE is the mean of its two copies. One matrix turns both at once.",
)
def mean_of_the_copies(dy, cache):
    return _tied(dy, cache, ways_in=0.5, ways_out=0.5)


@wrong_answer(
    "tied_backward",
    hint="On the way out your matrix meets the old state. The output reads the new one.",
)
def output_of_the_old_state(dy, cache):
    return _tied(dy, cache, out=0)


@wrong_answer(
    "tied_backward",
    hint="Your states get gradient from their own outputs alone. How do they reach later ones?",
)
def tied_without_carry(dy, cache):
    return _tied(dy, cache, carry=0.0)


@wrong_answer(
    "tied_backward",
    hint="The slope of tanh is missing in your way back.",
)
def tied_without_slope(dy, cache):
    return _tied(dy, cache, slope=False)


@wrong_answer(
    "tied_backward",
    hint="Your dc is a mean. Gradients of parameters are sums over steps and sequences.",
)
def output_bias_averaged(dy, cache):
    return _tied(dy, cache, mean=True)


# --------------------------------------------------------------------------- restart_backward


def _restart(dh, cache, *, split=None, collect=None, old_of=None):
    """The way back through a stream that is right but for the parts that are given."""
    x, starts, old, h, W, U = cache
    dx, dW, dU, db = np.zeros_like(x), np.zeros_like(W), np.zeros_like(U), np.zeros(len(W))
    arrived, from_next = [], np.zeros_like(h[0])
    for t in reversed(range(len(x))):
        delta = (dh[t] + from_next) * (1 - h[t] ** 2)
        dx[t] = delta @ W
        dW += delta.T @ x[t]
        dU += delta.T @ (old_of(t, old, h) if old_of else old[t])
        db += delta.sum(axis=0)
        begins, d_old = starts[t][:, None], delta @ U
        to_f, from_next = np.where(begins, d_old, 0), np.where(begins, 0, d_old)
        if split:
            to_f, from_next = split(begins, d_old, t)
        arrived.append(to_f)
    arrived = np.array(arrived)
    df = collect(arrived, starts) if collect else arrived.sum(axis=(0, 1))
    return dx, df, dW, dU, db


@wrong_answer(
    "restart_backward",
    hint="Your gradient leaks from a text into the one before it. What did the state of the text "
    "before have to do with f?",
)
def starts_ignored_on_the_way_back(dh, cache):
    return _restart(dh, cache, split=lambda begins, d, t: (d if t == 0 else 0 * d, d))


@wrong_answer(
    "restart_backward",
    hint="Your df is right, and the gradient goes on into the text before as well. At a start it "
    "has one road alone.",
)
def both_roads_at_a_start(dh, cache):
    return _restart(dh, cache, split=lambda begins, d, t: (np.where(begins, d, 0), d))


@wrong_answer(
    "restart_backward",
    hint="Your f hears of the first step alone. It serves every start in the stream.",
)
def first_start_alone(dh, cache):
    return _restart(dh, cache, collect=lambda arrived, starts: arrived[-1].sum(axis=0))


@wrong_answer(
    "restart_backward",
    hint="Your df is a mean over the starts. One f serves them all, so their gradients add up.",
)
def mean_over_the_starts(dh, cache):
    return _restart(
        dh, cache, collect=lambda arrived, starts: arrived.sum(axis=(0, 1)) / starts.sum()
    )


@wrong_answer(
    "restart_backward",
    hint="Your df also collects what belongs to the states within a text.",
)
def f_collects_everything(dh, cache):
    return _restart(dh, cache, split=lambda begins, d, t: (d, np.where(begins, 0, d)))


@wrong_answer(
    "restart_backward",
    hint="One sequence begins a text, and your whole batch is cut. Each row has starts of its own.",
)
def whole_batch_cut(dh, cache):
    def split(begins, d, t):
        return np.where(begins, d, 0), 0 * d if begins.any() else d

    return _restart(dh, cache, split=split)


@wrong_answer(
    "restart_backward",
    hint="Your dU takes the state of the step before, also where a text starts. There U multiplied "
    "something else.",
)
def state_before_for_old(dh, cache):
    return _restart(dh, cache, old_of=lambda t, old, h: h[t - 1] if t else old[0])


@wrong_answer(
    "restart_backward",
    hint="Nothing reaches f in your way back.",
)
def f_gets_nothing(dh, cache):
    return _restart(dh, cache, collect=lambda arrived, starts: np.zeros(arrived.shape[-1]))


# ----------------------------------------------------------------------------------- suspects


def _suspects(gradients, up, down, epsilon, tolerance, *, measure=None, worst_first=True, nudge=2):
    def relative(a, n):
        return np.linalg.norm(a - n) / (np.linalg.norm(a) + np.linalg.norm(n))

    measure = measure or relative
    pairs = [
        (name, float(measure(a, (up[name] - down[name]) / (nudge * epsilon))))
        for name, a in gradients.items()
    ]
    pairs.sort(key=lambda pair: pair[1], reverse=worst_first)
    return [pair for pair in pairs if pair[1] > tolerance]


@wrong_answer(
    "suspects",
    hint="Your centred difference is too large by a factor: how far apart are up and down?",
)
def divided_by_one_epsilon(gradients, up, down, epsilon, tolerance):
    return _suspects(gradients, up, down, epsilon, tolerance, nudge=1)


@wrong_answer(
    "suspects",
    hint="Your list is sorted the wrong way round: the worst stands at its end.",
)
def worst_last(gradients, up, down, epsilon, tolerance):
    return _suspects(gradients, up, down, epsilon, tolerance, worst_first=False)


@wrong_answer(
    "suspects",
    hint="Your error is not divided, so it grows with the size of the gradient.",
)
def absolute_error(gradients, up, down, epsilon, tolerance):
    return _suspects(
        gradients, up, down, epsilon, tolerance, measure=lambda a, n: np.linalg.norm(a - n)
    )


@wrong_answer(
    "suspects",
    hint="You divide by the norm of the sum. Both norms are taken first, and then added.",
)
def norm_of_the_sum(gradients, up, down, epsilon, tolerance):
    def measure(a, n):
        return np.linalg.norm(a - n) / np.linalg.norm(a + n)

    return _suspects(gradients, up, down, epsilon, tolerance, measure=measure)


@wrong_answer(
    "suspects",
    hint="You compare entry by entry and take the worst entry. Here the whole array is compared at "
    "once.",
)
def worst_entry(gradients, up, down, epsilon, tolerance):
    return _suspects(
        gradients,
        up,
        down,
        epsilon,
        tolerance,
        measure=lambda a, n: np.max(np.abs(a - n) / (np.abs(a) + np.abs(n))),
    )


@wrong_answer(
    "suspects",
    hint="You divide by the norm of one of the two alone, so an error may be larger than 1.",
)
def divided_by_one_norm(gradients, up, down, epsilon, tolerance):
    return _suspects(
        gradients,
        up,
        down,
        epsilon,
        tolerance,
        measure=lambda a, n: np.linalg.norm(a - n) / np.linalg.norm(n),
    )


@wrong_answer(
    "suspects",
    hint="Your sums of squares have no root.",
)
def root_forgotten(gradients, up, down, epsilon, tolerance):
    return _suspects(
        gradients,
        up,
        down,
        epsilon,
        tolerance,
        measure=lambda a, n: np.sum((a - n) ** 2) / (np.sum(a**2) + np.sum(n**2)),
    )


@wrong_answer(
    "suspects",
    hint="Your list names the parameters that are above suspicion as well. Where is the tolerance "
    "used?",
)
def tolerance_ignored(gradients, up, down, epsilon, tolerance):
    return _suspects(gradients, up, down, epsilon, -1.0)


# ------------------------------------------------------------------------------- nudge_powers


def _powers(*, slope=(4, 1), curvature=(2, 2)):
    """Powers by the order of each formula, and by what power of ε its rounding is divided."""
    formulas = [("slope", slope), ("curvature", curvature)]
    if slope == (4, 1):  # what is wrong comes first: a value is called by how it begins
        formulas.reverse()
    powers = {}
    for name, (order, rounding) in formulas:
        powers[f"{name}_order"] = order
        powers[f"{name}_step"] = 1 / (order + rounding)
        powers[f"{name}_error"] = order / (order + rounding)
    return powers


wrong_answer(
    "nudge_powers",
    hint="Your first three numbers are those of the centred difference. The two values farther out "
    "cancel its error.",
    value=_powers(slope=(2, 1)),
)
wrong_answer(
    "nudge_powers",
    hint="Your first formula is one order too low. By symmetry the odd powers of ε cancel: which "
    "is the first that is left?",
    value=_powers(slope=(3, 1)),
)
wrong_answer(
    "nudge_powers",
    hint="Your first formula is one order too high: the remainder is divided by ε like all the "
    "rest.",
    value=_powers(slope=(5, 1)),
)
wrong_answer(
    "nudge_powers",
    hint="In your curvature rounding is divided by ε. What stands below the line?",
    value=_powers(curvature=(2, 1)),
)
wrong_answer(
    "nudge_powers",
    hint="Your curvature is of the first order. The formula is symmetric, so what cancels?",
    value=_powers(curvature=(1, 2)),
)
wrong_answer(
    "nudge_powers",
    hint="Your curvature is as good as the four-point slope. It has three values, and the same "
    "order as the centred difference.",
    value=_powers(curvature=(4, 2)),
)
wrong_answer(
    "nudge_powers",
    hint="Your errors are the best steps once more. Put the best step into the error.",
    value=_powers() | {"slope_error": 1 / 5, "curvature_error": 1 / 4},
)

# ---------------------------------------------------------------------------- online_gradient


def _online(x, h0, g, r, W, b, *, inner=None, through=1.0, late=True, new=False, direct=None):
    """Sensitivities that are carried forward, right but for the parts that are given."""
    N, H = h0.shape
    h, by_r, by_b, by_W = h0, np.zeros((N, H)), np.zeros((N, H)), np.zeros((N, *W.shape))
    dr, dW, db = np.zeros_like(r), np.zeros_like(W), np.zeros_like(b)
    rate = through * r if inner is None else inner(r)
    for t, (x_t, g_t) in enumerate(zip(x, g, strict=True)):
        old, h = h, np.tanh(r * h + x_t @ W.T + b)
        slope = 1 - h**2
        outer = slope if late else np.ones_like(slope)
        by_r = slope * (h if new else old) + outer * rate * by_r
        by_b = slope + outer * rate * by_b
        by_W = slope[:, :, None] * x_t[:, None, :] + (outer * rate)[:, :, None] * by_W
        if direct is None or direct(t, len(x)):
            dr += (g_t * by_r).sum(axis=0)
            db += (g_t * by_b).sum(axis=0)
            dW += (g_t[:, :, None] * by_W).sum(axis=0)
    return h, dr, dW, db


@wrong_answer(
    "online_gradient",
    hint="Your parameters act within their own step alone. A change of h then changes every later "
    "h: carry it on.",
)
def nothing_carried_on(x, h0, g, r, W, b):
    return _online(x, h0, g, r, W, b, through=0.0)


@wrong_answer(
    "online_gradient",
    hint="What you carry on is not multiplied by r. The old state enters the sum times r.",
)
def carried_without_r(x, h0, g, r, W, b):
    return _online(x, h0, g, r, W, b, inner=np.ones_like)


@wrong_answer(
    "online_gradient",
    hint="What you carry on does not pass tanh. The slope multiplies the whole bracket.",
)
def slope_on_the_direct_part_alone(x, h0, g, r, W, b):
    return _online(x, h0, g, r, W, b, late=False)


@wrong_answer(
    "online_gradient",
    hint="Your dr begins with the new state. r multiplies the old one.",
)
def rate_meets_the_new_state(x, h0, g, r, W, b):
    return _online(x, h0, g, r, W, b, new=True)


@wrong_answer(
    "online_gradient",
    hint="Your gradient listens to the loss of the last step alone. g has an entry for each step.",
)
def last_loss_alone(x, h0, g, r, W, b):
    return _online(x, h0, g, r, W, b, direct=lambda t, T: t == T - 1)


@wrong_answer(
    "online_gradient",
    hint="Your sensitivities listen only to the sum of all g at the end. Each g belongs to the "
    "sensitivities of its own step.",
)
def all_losses_at_the_end(x, h0, g, r, W, b):
    together = np.zeros_like(g)
    together[-1] = g.sum(axis=0)
    return _online(x, h0, together, r, W, b)


@wrong_answer(
    "online_gradient",
    hint="Your sequences start from zero. h0 is given.",
)
def online_from_zero(x, h0, g, r, W, b):
    return _online(x, 0 * h0, g, r, W, b)


# ------------------------------------------------------------------------ reversible_backward


def _reversible(last, dlast, x, weights, *, parts=(), order=-1):
    """The way back through the reversible cell; ``parts`` names what is wrong with it."""
    (p, q), (dp, dq), (A, B, W) = last, dlast, weights
    dA, dB, dW = np.zeros_like(A), np.zeros_like(B), np.zeros_like(W)
    for x_t in x[::order]:
        new_q, moved = q, np.tanh(p @ B.T)
        q = q + moved if "added" in parts else q - moved
        delta = dq * (1 - (q**2 if "slope at q" in parts else moved**2))
        in_p, from_b = p, delta @ B
        moved = np.tanh((new_q if "new q" in parts else q) @ A.T + x_t @ W.T)
        p = p + moved if "added" in parts else p - moved
        dB += delta.T @ (p if "old p" in parts else in_p)
        dp_early = dp
        dp = from_b if "no straight road" in parts else dp + from_b
        delta = (dp_early if "turns apart" in parts else dp) * (1 - moved**2)
        dA += delta.T @ (new_q if "new q in dA" in parts else q)
        dW += delta.T @ x_t
        dq = delta @ A if "no straight road" in parts else dq + delta @ A
    return p, q, dp, dq, dA, dB, dW


@wrong_answer(
    "reversible_backward",
    hint="You undo p with the new q. The cell made p from the old q, so q has to be undone first.",
)
def p_undone_with_the_new_q(last, dlast, x, weights):
    return _reversible(last, dlast, x, weights, parts=["new q"])


@wrong_answer(
    "reversible_backward",
    hint="Your states go on instead of back: to undo an addition you subtract.",
)
def moves_added_again(last, dlast, x, weights):
    return _reversible(last, dlast, x, weights, parts=["added"])


@wrong_answer(
    "reversible_backward",
    hint="Your inputs come in the order of the way forward.",
)
def inputs_in_forward_order(last, dlast, x, weights):
    return _reversible(last, dlast, x, weights, order=1)


@wrong_answer(
    "reversible_backward",
    hint="Your states are right. Their gradients come through tanh alone, and each state also "
    "passes straight on.",
)
def straight_roads_forgotten(last, dlast, x, weights):
    return _reversible(last, dlast, x, weights, parts=["no straight road"])


@wrong_answer(
    "reversible_backward",
    hint="Your states are right. Before it passes the earlier turn, the gradient at p has to "
    "collect what comes from the later one.",
)
def turns_treated_apart(last, dlast, x, weights):
    return _reversible(last, dlast, x, weights, parts=["turns apart"])


@wrong_answer(
    "reversible_backward",
    hint="Your states are right, and your dA meets the new q. A multiplied the old one.",
)
def new_q_in_da(last, dlast, x, weights):
    return _reversible(last, dlast, x, weights, parts=["new q in dA"])


@wrong_answer(
    "reversible_backward",
    hint="Your states are right, and your dB meets the old p. B multiplied the new one.",
)
def old_p_in_db(last, dlast, x, weights):
    return _reversible(last, dlast, x, weights, parts=["old p"])


@wrong_answer(
    "reversible_backward",
    hint="Your states are right. Your slope of the later turn is taken at q, which is no output of "
    "tanh.",
)
def slope_at_q(last, dlast, x, weights):
    return _reversible(last, dlast, x, weights, parts=["slope at q"])
