"""The recordings are whole and split as stated; log-mel frames equal a direct computation."""

import cmath

import numpy as np
import pytest
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

from rnncore.data import SpokenDigits, load_spoken_digits, log_mel
from rnncore.data.source import FILES


@pytest.fixture(scope="module")
def spoken() -> SpokenDigits:
    return load_spoken_digits()


def test_fifty_takes_of_each_digit_by_each_of_six_people(spoken):
    assert len(spoken.recordings) == len(spoken.digits) == len(spoken.speakers) == 3_000
    entries = set(zip(spoken.speakers, spoken.digits, spoken.takes, strict=True))
    assert len(entries) == 3_000
    assert len(set(spoken.speakers)) == 6
    assert set(spoken.digits) == set(range(10))
    assert set(spoken.takes) == set(range(50))
    assert spoken.sample_rate == 8_000


def test_recordings_are_as_long_and_as_loud_as_stated(spoken):
    seconds = np.array([len(samples) for samples in spoken.recordings]) / spoken.sample_rate
    assert sum(map(len, spoken.recordings)) == 10_498_424
    assert (seconds.min(), seconds.max()) == pytest.approx((0.14, 2.28), abs=0.005)
    assert np.median(seconds) == pytest.approx(0.42, abs=0.005)
    long = seconds > 1.4
    assert set(zip(spoken.speakers[long], spoken.digits[long], strict=True)) == {
        *[("theo", 7), ("theo", 9)]
    }
    peaks = np.array([np.abs(samples).max() for samples in spoken.recordings])
    assert peaks.max() <= 1
    for speaker, peak in [("lucas", 0.48), ("jackson", 0.44), ("yweweler", 0.07), ("theo", 0.03)]:
        assert np.median(peaks[spoken.speakers == speaker]) == pytest.approx(peak, abs=0.01)


def test_samples_are_decoded_by_the_mu_law(spoken):
    with np.load(str(FILES / "spoken_digits.npz")) as packed:
        codes, offsets = packed["audio"], packed["offsets"]
    for k in (0, 1_234, 2_999):
        level = 2 * (codes[offsets[k] : offsets[k + 1]] / 255) - 1
        want = np.sign(level) * (256 ** np.abs(level) - 1) / 255
        assert spoken.recordings[k].dtype == np.float32
        np.testing.assert_allclose(spoken.recordings[k], want, atol=1e-7)


def test_the_split_by_speaker_shares_nobody(spoken):
    parts = {split: spoken.part(split) for split in ("train", "validation", "test")}
    assert [len(part.recordings) for part in parts.values()] == [2_000, 500, 500]
    assert set(parts["test"].speakers) == {"george"}
    assert set(parts["validation"].speakers) == {"jackson"}
    assert set(parts["train"].speakers) == {"lucas", "nicolas", "theo", "yweweler"}


def test_the_official_split_shares_everybody_and_no_take(spoken):
    train, test = (spoken.part(split, by="take") for split in ("train", "test"))
    assert (len(train.recordings), len(test.recordings)) == (2_700, 300)
    assert set(test.takes) == set(range(5))
    assert set(train.takes) == set(range(5, 50))
    assert set(train.speakers) == set(test.speakers)


def test_a_part_keeps_the_fields_of_a_recording_together(spoken):
    part = spoken.part("test", by="take")
    for k in (0, 150, 299):
        same = (
            (spoken.speakers == part.speakers[k])
            & (spoken.digits == part.digits[k])
            & (spoken.takes == part.takes[k])
        )
        (row,) = np.flatnonzero(same)
        assert part.recordings[k] is spoken.recordings[row]
        assert part.split[k] == spoken.split[row]
        assert part.official_split[k] == "test"


def test_parts_that_are_not_there_are_refused(spoken):
    with pytest.raises(ValueError, match="\"test\", got 'dev'"):
        spoken.part("dev")
    with pytest.raises(ValueError, match="with by=\"take\", got 'validation': put takes"):
        spoken.part("validation", by="take")
    with pytest.raises(ValueError, match="\"take\", got 'digit'"):
        spoken.part("train", by="digit")


def test_log_mel_frames_equal_a_direct_sum_over_samples_and_frequencies():
    samples = np.random.default_rng(5).normal(size=70)
    got = log_mel(samples, sample_rate=1_000, bands=3, window=16, hop=7)
    assert got.shape == (11, 3)
    for t, band in [(0, 0), (3, 1), (10, 2), (5, 0)]:
        assert got[t, band] == pytest.approx(direct(samples, 1_000, 3, 16, 7, t, band), rel=1e-10)


def direct(samples, sample_rate, bands, window, hop, t, band):
    """One value, by the definition."""

    def mel(frequency):
        return 2595 * np.log10(1 + frequency / 700)

    step = mel(sample_rate / 2) / (bands + 1)
    weights = [np.sin(np.pi * n / window) ** 2 for n in range(window)]
    energy = 0.0
    for k in range(window // 2 + 1):
        spectrum = 0.0
        for n in range(window):
            place = hop * t - window // 2 + n
            sample = samples[place] if 0 <= place < len(samples) else 0.0
            spectrum += (
                weights[n] / sum(weights) * sample * cmath.exp(-2j * cmath.pi * k * n / window)
            )
        away = abs(mel(k * sample_rate / window) - (band + 1) * step) / step
        energy += max(0.0, 1 - away) * abs(spectrum) ** 2
    return np.log(energy + 1e-10)


def test_the_loudest_band_of_a_tone_is_the_one_around_it():
    rate, bands = 8_000, 24
    centres = 700 * (10 ** (np.linspace(0, 2595 * np.log10(1 + 4_000 / 700), 26) / 2595) - 1)
    for band in (3, 11, 20):
        tone = np.sin(2 * np.pi * centres[band + 1] * np.arange(4_000) / rate)
        frames = log_mel(tone, rate, bands)
        assert (frames[5:-5].argmax(axis=1) == band).all()


def test_loudness_adds_a_constant_and_silence_has_a_value():
    samples = np.random.default_rng(6).normal(size=2_000)
    frames = log_mel(samples, 8_000)
    np.testing.assert_allclose(log_mel(0.5 * samples, 8_000), frames + np.log(0.25), atol=1e-4)
    np.testing.assert_allclose(log_mel(np.zeros(100), 8_000), np.log(1e-10))


def test_two_channels_are_refused():
    with pytest.raises(ValueError, match=r"shape \(400, 2\): take one channel"):
        log_mel(np.zeros((400, 2)), 8_000)


def test_linear_discriminants_reach_what_the_page_says(spoken):
    frames = [log_mel(samples, spoken.sample_rate) for samples in spoken.recordings]
    x = np.array(
        [
            np.concatenate([stretch.mean(axis=0) for stretch in np.array_split(f - f.mean(), 10)])
            for f in frames
        ]
    )
    model = LinearDiscriminantAnalysis(solver="lsqr", shrinkage=0.1)

    def accuracy(train, test):
        return model.fit(x[train], spoken.digits[train]).score(x[test], spoken.digits[test])

    official = spoken.official_split == "test"
    assert accuracy(~official, official) == pytest.approx(0.947, abs=0.004)
    train = spoken.split == "train"
    assert accuracy(train, spoken.split == "validation") == pytest.approx(0.950, abs=0.004)
    assert accuracy(train, spoken.split == "test") == pytest.approx(0.668, abs=0.004)
    held_out = {
        name: accuracy(spoken.speakers != name, spoken.speakers == name)
        for name in sorted(set(spoken.speakers))
    }
    assert list(held_out.values()) == pytest.approx(
        [0.626, 0.894, 0.514, 0.642, 0.934, 0.832], abs=0.004
    )
    assert np.mean(list(held_out.values())) == pytest.approx(0.740, abs=0.002)
