"""Mistakes that people make in the assignment on raw data and tensors, each with its hint."""

from collections import Counter

import numpy as np

from rnncore.checking import wrong_answer

# ------------------------------------------------------------------------------- encode_words


def _encode(train, words, known, first=1):
    number = {word: symbol for symbol, word in enumerate(known, start=first)}
    return np.array([number.get(word, 0) for word in words])


def _ranked(train, least):
    times = Counter(train)
    return sorted((w for w in times if times[w] >= least), key=lambda w: (-times[w], w))


@wrong_answer(
    "encode_words",
    hint="Your known words begin at 0, which belongs to the unknown word.",
)
def numbered_from_zero(train, words, least):
    return _encode(train, words, _ranked(train, least), first=0)


@wrong_answer(
    "encode_words",
    hint="A word that occurs exactly `least` times is known; in your vocabulary it is not.",
)
def more_than_least(train, words, least):
    return _encode(train, words, _ranked(train, least + 1))


@wrong_answer(
    "encode_words",
    hint="Your symbols follow the alphabet. The most frequent word comes first, and the alphabet "
    "decides between equals alone.",
)
def alphabet_first(train, words, least):
    return _encode(train, words, sorted(_ranked(train, least)))


@wrong_answer(
    "encode_words",
    hint="Words of equal frequency stand in your vocabulary in the order in which they came; the "
    "alphabet decides between them.",
)
def ties_as_they_came(train, words, least):
    known = [w for w, times in Counter(train).most_common() if times >= least]
    return _encode(train, words, known)


@wrong_answer(
    "encode_words",
    hint="Your vocabulary has seen `words` as well. It is learnt from the training text alone.",
)
def learnt_from_both(train, words, least):
    return _encode(train, words, _ranked(train + words, least))


@wrong_answer(
    "encode_words",
    hint="Your most frequent word has the highest symbol. It comes first.",
)
def rarest_first(train, words, least):
    return _encode(train, words, _ranked(train, least)[::-1])


# ------------------------------------------------------------------------------- bag_gradient


def _bag(ids, share, K):
    dtable = np.zeros((K, share.shape[-1]))
    np.add.at(dtable, ids, share)
    return dtable


@wrong_answer(
    "bag_gradient",
    hint="A symbol that stands several times gets the gradient of one of its places only: indexed "
    "assignment, even with +=, keeps the last.",
)
def repeated_symbols_lost(ids, mask, dv, K):
    dtable = np.zeros((K, dv.shape[1]))
    dtable[ids] += mask[:, :, None] * (dv / mask.sum(axis=0)[:, None])
    return dtable


@wrong_answer(
    "bag_gradient",
    hint="Padded steps send a gradient to your table. They take no part in the mean.",
)
def padding_counted(ids, mask, dv, K):
    share = np.broadcast_to(dv / mask.sum(axis=0)[:, None], (*ids.shape, dv.shape[1]))
    return _bag(ids, share, K)


@wrong_answer(
    "bag_gradient",
    hint="You divide by T. The mean divides by the number of real steps of each sequence.",
)
def divided_by_all_steps(ids, mask, dv, K):
    return _bag(ids, mask[:, :, None] * dv / len(mask), K)


@wrong_answer(
    "bag_gradient",
    hint="This is the gradient below a sum over the steps. The mean gives each step its share.",
)
def gradient_of_the_sum(ids, mask, dv, K):
    return _bag(ids, mask[:, :, None] * dv, K)


@wrong_answer(
    "bag_gradient",
    hint="You divide by the real steps of the whole batch. Each sequence has a mean of its own.",
)
def divided_by_the_batch(ids, mask, dv, K):
    return _bag(ids, mask[:, :, None] * dv / mask.sum(), K)


@wrong_answer(
    "bag_gradient",
    hint="Each symbol gets the mean over its places; it gets their sum.",
)
def averaged_over_places(ids, mask, dv, K):
    total = _bag(ids, mask[:, :, None] * (dv / mask.sum(axis=0)[:, None]), K)
    places = np.bincount(ids[mask], minlength=K)
    return total / np.maximum(places, 1)[:, None]


# ----------------------------------------------------------------------------------- pad_left


def _padded(sequences, T, cut, in_front):
    x = np.zeros((T, len(sequences)), int)
    mask = np.zeros((T, len(sequences)), bool)
    for n, sequence in enumerate(sequences):
        kept = cut(sequence)
        place = slice(T - len(kept), T) if in_front else slice(len(kept))
        x[place, n] = kept
        mask[place, n] = True
    return x, mask


def _last(T):
    return lambda sequence: sequence[max(len(sequence) - T, 0) :]


@wrong_answer(
    "pad_left",
    hint="Your padding stands behind the sequences. Here it stands in front.",
)
def padded_behind(sequences, T):
    return _padded(sequences, T, _last(T), in_front=False)


@wrong_answer(
    "pad_left",
    hint="Of a long sequence you keep the beginning. The last T steps are asked for.",
)
def beginning_kept(sequences, T):
    return _padded(sequences, T, lambda sequence: sequence[:T], in_front=True)


@wrong_answer(
    "pad_left",
    hint="Your mask is False where the symbol 0 is real. It follows from the lengths, not from "
    "what stands in x.",
)
def mask_from_the_symbols(sequences, T):
    x, _ = _padded(sequences, T, _last(T), in_front=True)
    return x, x != 0


@wrong_answer(
    "pad_left",
    hint="Your mask is turned round: it is True where a step is real.",
)
def mask_of_the_padding(sequences, T):
    x, mask = _padded(sequences, T, _last(T), in_front=True)
    return x, ~mask


@wrong_answer(
    "pad_left",
    hint="An empty sequence comes out as real steps. Look at what an index of minus zero means.",
)
def empty_sequence_real(sequences, T):
    x, mask = _padded(sequences, T, _last(T), in_front=True)
    for n, sequence in enumerate(sequences):
        mask[-min(len(sequence), T) :, n] = True
    return x, mask


@wrong_answer(
    "pad_left",
    hint="Your arrays have the batch before time. This course puts time first.",
)
def left_batch_first(sequences, T):
    x, mask = _padded(sequences, T, _last(T), in_front=True)
    return x.T, mask.T


# ---------------------------------------------------------------------------------- cut_waste


def _pieces(lengths, longest):
    whole, rest = lengths // longest, lengths % longest
    return np.concatenate([np.full(whole.sum(), longest), rest[rest > 0]])


def _waste(pieces, rows):
    batches = [pieces[i : i + rows] for i in range(0, len(pieces), rows)]
    steps = sum(len(batch) * batch.max() for batch in batches)
    return float(1 - pieces.sum() / steps)


@wrong_answer(
    "cut_waste",
    hint="Your pieces are not sorted before they go into batches.",
)
def pieces_not_sorted(lengths, rows, longest):
    cut = [
        min(longest, length - start)
        for length in lengths.tolist()
        for start in range(0, length, longest)
    ]
    return _waste(np.array(cut), rows)


@wrong_answer(
    "cut_waste",
    hint="You throw away what is longer than `longest`. It becomes pieces of its own.",
)
def rest_thrown_away(lengths, rows, longest):
    return _waste(np.sort(np.minimum(lengths, longest)), rows)


@wrong_answer(
    "cut_waste",
    hint="Your batches are all padded to the longest piece there is. Each is padded to its own.",
)
def one_height_for_all(lengths, rows, longest):
    pieces = _pieces(lengths, longest)
    return float(1 - pieces.sum() / (len(pieces) * pieces.max()))


@wrong_answer(
    "cut_waste",
    hint="You return the share of real steps. The share of padding is the rest.",
)
def share_of_real_steps(lengths, rows, longest):
    return 1 - _waste(np.sort(_pieces(lengths, longest)), rows)


@wrong_answer(
    "cut_waste",
    hint="You divide the padding by the real steps. Divide by all steps, padding included.",
)
def padding_for_each_real_step(lengths, rows, longest):
    waste = _waste(np.sort(_pieces(lengths, longest)), rows)
    return waste / (1 - waste)


@wrong_answer(
    "cut_waste",
    hint="Your last batch is filled up to `rows` with empty sequences. It may be smaller.",
)
def last_batch_filled_up(lengths, rows, longest):
    pieces = np.sort(_pieces(lengths, longest))
    steps = sum(rows * pieces[i : i + rows].max() for i in range(0, len(pieces), rows))
    return float(1 - pieces.sum() / steps)


@wrong_answer(
    "cut_waste",
    hint="Your batches begin with the longest pieces. Which batch is left smaller then?",
)
def longest_pieces_first(lengths, rows, longest):
    return _waste(np.sort(_pieces(lengths, longest))[::-1], rows)


# ------------------------------------------------------------------------------------- scaled


def _scaled(mu, sigma, values):
    z = (values - mu) / np.where(sigma < 1e-12, 1.0, sigma)
    return np.where(np.isnan(z), 0.0, z)


@wrong_answer(
    "scaled",
    hint="The padded steps are counted in your mean and deviation. Where is the mask used?",
)
def padded_steps_counted(train, mask, values):
    return _scaled(np.nanmean(train, axis=(0, 1)), np.nanstd(train, axis=(0, 1)), values)


@wrong_answer(
    "scaled",
    hint="Your statistics are those of `values`. They are learnt from train.",
)
def scaled_by_itself(train, mask, values):
    return _scaled(np.nanmean(values, axis=0), np.nanstd(values, axis=0), values)


@wrong_answer(
    "scaled",
    hint="One missing value makes you drop the whole step. Each column counts its own measured "
    "values.",
)
def steps_with_gaps_dropped(train, mask, values):
    real = train[mask]
    whole = real[~np.isnan(real).any(axis=1)]
    return _scaled(whole.mean(axis=0), whole.std(axis=0), values)


@wrong_answer(
    "scaled",
    hint="Missing values entered your mean and deviation as zeros. Leave them out of both.",
)
def gaps_counted_as_zero(train, mask, values):
    real = np.nan_to_num(train[mask])
    return _scaled(real.mean(axis=0), real.std(axis=0), values)


@wrong_answer(
    "scaled",
    hint="Your deviation divides by one less than the number of values.",
)
def divided_by_one_less(train, mask, values):
    real = train[mask]
    return _scaled(np.nanmean(real, axis=0), np.nanstd(real, axis=0, ddof=1), values)


@wrong_answer(
    "scaled",
    hint="You turn missing values into 0 before you scale. After scaling they are to be 0, "
    "which is the mean.",
)
def gaps_zero_before_scaling(train, mask, values):
    real = train[mask]
    return _scaled(np.nanmean(real, axis=0), np.nanstd(real, axis=0), np.nan_to_num(values))


@wrong_answer(
    "scaled",
    hint="Your constant columns come out as 0 whatever stands in them. They are divided by 1, so "
    "a value that differs is seen.",
)
def constant_columns_blanked(train, mask, values):
    real = train[mask]
    sigma = np.nanstd(real, axis=0)
    return _scaled(np.nanmean(real, axis=0), np.where(sigma < 1e-12, np.inf, sigma), values)


# ----------------------------------------------------------------------------- honest_windows


def _loader(series, window, horizon, first_test, *, mu=None, ahead=0, short=0, train=None):
    known = series[:first_test]
    z = (series - (known.mean() if mu is None else mu)) / known.std()
    starts = np.arange(len(series) - window - horizon - ahead + 1 - short)
    targets = starts + window - 1 + horizon + ahead
    x, y = z[starts[:, None] + np.arange(window)], z[targets]
    early = targets < first_test if train is None else train(starts)
    return x[early], y[early], x[~early], y[~early]


@wrong_answer(
    "honest_windows",
    hint="Your mean still comes from the whole series, the test included.",
)
def mean_of_everything(series, window, horizon, first_test):
    return _loader(series, window, horizon, first_test, mu=series.mean())


@wrong_answer(
    "honest_windows",
    hint="Your targets lie one step too far: with horizon 1 the target is the value right after "
    "the window.",
)
def one_step_too_far(series, window, horizon, first_test):
    return _loader(series, window, horizon, first_test, ahead=1)


@wrong_answer(
    "honest_windows",
    hint="A pair is missing at the end: the last value of the series is a target, too.",
)
def last_pair_missing(series, window, horizon, first_test):
    return _loader(series, window, horizon, first_test, short=1)


@wrong_answer(
    "honest_windows",
    hint="Your training part holds targets from the test: you still sort the pairs by where the "
    "window starts.",
)
def sorted_by_the_start(series, window, horizon, first_test):
    return _loader(series, window, horizon, first_test, train=lambda s: s < first_test)


@wrong_answer(
    "honest_windows",
    hint="Your training windows lie before first_test, but some of their targets do not.",
)
def sorted_by_the_window(series, window, horizon, first_test):
    return _loader(series, window, horizon, first_test, train=lambda s: s + window <= first_test)


@wrong_answer(
    "honest_windows",
    hint="You leave out the pairs whose window reaches back into the training part. They belong to "
    "the test.",
)
def border_left_out(series, window, horizon, first_test):
    x_train, y_train, x, y = _loader(series, window, horizon, first_test)
    border = window + horizon - 1
    return x_train, y_train, x[border:], y[border:]


# --------------------------------------------------------------------------------- time_since


def _age(time, mask, since=None):
    measured_at = np.where(mask, time[:, None], time[0] if since is None else since)
    return time[:, None] - np.maximum.accumulate(measured_at, axis=0)


@wrong_answer(
    "time_since",
    hint="You count steps. The clock ticks unevenly, so take the differences of `time`.",
)
def steps_counted(time, mask):
    return _age(np.arange(len(time), dtype=float), mask)


@wrong_answer(
    "time_since",
    hint="Your age is never 0: at a measurement you give the time since the one before. Here a "
    "value that was measured now has the age 0.",
)
def since_the_one_before(time, mask):
    age = _age(time, mask)
    gaps = np.diff(time, prepend=time[0])[:, None]
    return np.concatenate([age[:1], age[:-1]]) + gaps


@wrong_answer(
    "time_since",
    hint="Before the first measurement you count from hour 0. Count from time[0].",
)
def counted_from_midnight(time, mask):
    return _age(time, mask, since=0.0)


@wrong_answer(
    "time_since",
    hint="Your age is the length of the last tick alone. In a long gap the ticks add up.",
)
def last_tick_alone(time, mask):
    return np.where(mask, 0.0, np.diff(time, prepend=time[0])[:, None])


@wrong_answer(
    "time_since",
    hint="Your mask is read the wrong way round: True means measured.",
)
def age_of_the_gap(time, mask):
    return _age(time, ~mask)


@wrong_answer(
    "time_since",
    hint="Your quantities share one clock. Each has its own last measurement.",
)
def one_clock_for_all(time, mask):
    return _age(time, np.repeat(mask.any(axis=1)[:, None], mask.shape[1], axis=1))


# ------------------------------------------------------------------------------ carry_limited


def _carried(series, limit, fallback, before=None):
    filled, last, age = [], None, 0
    for value in series.tolist():
        last, age = (last, age + 1) if value != value else (value, 0)
        if last is None:
            filled.append(fallback if before is None else before)
        else:
            filled.append(last if age <= limit else fallback)
    return np.array(filled)


@wrong_answer(
    "carry_limited",
    hint="You carry one step less than the limit allows.",
)
def one_step_short(series, limit, fallback):
    return _carried(series, limit - 1, fallback) if limit else _carried(series, 0, fallback)


@wrong_answer(
    "carry_limited",
    hint="You carry one step further than the limit allows.",
)
def one_step_beyond(series, limit, fallback):
    return _carried(series, limit + 1, fallback)


@wrong_answer(
    "carry_limited",
    hint="Your value is carried without a limit.",
)
def no_limit(series, limit, fallback):
    return _carried(series, len(series), fallback)


@wrong_answer(
    "carry_limited",
    hint="A gap that is longer than the limit gets nothing but the fallback in your series. Its "
    "first steps are still fresh.",
)
def long_gaps_left_out(series, limit, fallback):
    filled = _carried(series, limit, fallback)
    gone = np.isnan(series)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], gone.astype(int), [0]])))
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        if end - start > limit:
            filled[start:end] = fallback
    return filled


@wrong_answer(
    "carry_limited",
    hint="Before the first measurement you take a value from the future. There is the fallback.",
)
def beginning_filled_backward(series, limit, fallback):
    return _carried(series, limit, fallback, before=series[~np.isnan(series)][0])


@wrong_answer(
    "carry_limited",
    hint="Your values are carried backward: each gap is filled by what comes after it.",
)
def carried_backward(series, limit, fallback):
    return _carried(series[::-1], limit, fallback)[::-1]


# ------------------------------------------------------------------------------ seasonal_fill


def _seasonal(series, period, known, usual=np.median, phase=None, spare=None):
    phase = np.arange(len(series)) % period if phase is None else phase
    filled = series.copy()
    for p in np.unique(phase):
        same = series[known & (phase == p)]
        value = usual(same) if len(same) else (spare or usual)(series[known])
        filled[np.isnan(series) & (phase == p)] = value
    return filled


def _known_before(series, first_test):
    return ~np.isnan(series) & (np.arange(len(series)) < first_test)


@wrong_answer(
    "seasonal_fill",
    hint="Your medians have seen the test part. They are learnt before first_test.",
)
def medians_of_everything(series, period, first_test):
    return _seasonal(series, period, ~np.isnan(series))


@wrong_answer(
    "seasonal_fill",
    hint="You fill with the mean of each phase. One bad day pulls a mean far up; the median is "
    "asked for.",
)
def mean_of_the_phase(series, period, first_test):
    return _seasonal(series, period, _known_before(series, first_test), usual=np.mean)


@wrong_answer(
    "seasonal_fill",
    hint="All gaps get the same value. Each phase has a median of its own.",
)
def one_median_for_all(series, period, first_test):
    known = _known_before(series, first_test)
    return _seasonal(series, period, known, phase=np.zeros(len(series), int))


@wrong_answer(
    "seasonal_fill",
    hint="The gaps of the test part are filled by other medians than the rest: the phases are "
    "counted anew there. The phase is t modulo the period throughout.",
)
def phase_counted_anew(series, period, first_test):
    step = np.arange(len(series))
    phase = np.where(step < first_test, step, step - first_test) % period
    return _seasonal(series, period, _known_before(series, first_test), phase=phase)


@wrong_answer(
    "seasonal_fill",
    hint="A phase without any measurement gets 0 in your series. There the median of all "
    "measurements stands in.",
)
def empty_phase_zero(series, period, first_test):
    known = _known_before(series, first_test)
    return _seasonal(series, period, known, spare=lambda values: 0.0)


@wrong_answer(
    "seasonal_fill",
    hint="A phase without any measurement gets the mean of all measurements; the median is asked "
    "for there, too.",
)
def empty_phase_mean(series, period, first_test):
    known = _known_before(series, first_test)
    return _seasonal(series, period, known, spare=np.mean)


# ---------------------------------------------------------------------------------- drop_cost


def _shares(**changed):
    right = {"hours": 0.03535, "windows": 0.106973, "scattered": 0.578425, "halves": 0.025179}
    return changed | {name: share for name, share in right.items() if name not in changed}


wrong_answer(
    "drop_cost",
    hint="Your scattered share multiplies the share of hours by 24. Two missing hours can fall "
    "into the same window, so work out the chance that none does.",
    value=_shares(scattered=0.8484),
)
wrong_answer(
    "drop_cost",
    hint="You give the share of windows that are whole. The share that is lost is asked for.",
    value=_shares(windows=0.893027, scattered=0.421575, halves=0.974821),
)
wrong_answer(
    "drop_cost",
    hint="You cut the series into windows side by side. There is one for each possible first hour.",
    value=_shares(windows=0.108043, halves=0.02521),
)
wrong_answer(
    "drop_cost",
    hint="Twelve missing hours are enough to drop a window; you drop it from thirteen on.",
    value=_shares(halves=0.022176),
)
wrong_answer(
    "drop_cost",
    hint="Your windows have another length: 24 hours are 24 values, from t to t + 23.",
    value=_shares(windows=0.109932, scattered=0.593328, halves=0.026181),
)
