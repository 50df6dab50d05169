"""The hours of Beijing are whole, the gaps as long as stated, and the simple forecasts as good."""

from itertools import groupby

import numpy as np
import pytest

from rnncore.data import AirQuality, load_air_quality


@pytest.fixture(scope="module")
def air() -> AirQuality:
    return load_air_quality()


def test_there_is_a_row_for_every_hour_of_five_years(air):
    assert air.time[0] == np.datetime64("2010-01-01T00")
    assert air.time[-1] == np.datetime64("2014-12-31T23")
    assert len(air.time) == 43_824
    assert (np.diff(air.time) == np.timedelta64(1, "h")).all()
    assert air.values.shape == (43_824, 7)
    assert air.values.dtype == np.float64
    assert " ".join(air.columns) == ("pm2.5 dew_point temperature pressure wind_speed snow rain")
    assert set(air.wind_direction) == {"SE", "NW", "NE", "cv"}


@pytest.mark.parametrize(
    ("time", "row", "wind"),
    [
        ("2010-01-03T02", [65, -8, -7, 1026, 65.71, 6, 0], "SE"),
        ("2011-06-08T03", [9, 16, 19, 995, 31.3, 0, 4], "NW"),
        ("2014-12-31T23", [12, -21, -3, 1034, 249.85, 0, 0], "NW"),
    ],
)
def test_a_row_is_that_of_the_file(air, time, row, wind):
    (hour,) = np.flatnonzero(air.time == np.datetime64(time))
    np.testing.assert_array_equal(air.values[hour], row)
    assert air.wind_direction[hour] == wind


def test_only_fine_dust_is_missing_and_as_often_and_as_long_as_stated(air):
    missing = np.isnan(air.values)
    assert missing.sum(axis=0).tolist() == [2_067, 0, 0, 0, 0, 0, 0]
    assert missing[:24, 0].all()
    assert not missing[24, 0]
    years = air.time.astype("datetime64[Y]").astype(str)
    assert [int(missing[years == str(year), 0].sum()) for year in range(2010, 2015)] == [
        *[669, 728, 489, 82, 99]
    ]
    gaps = sorted(gap_lengths(air))
    assert len(gaps) == 214
    assert gaps[-5:] == [76, 91, 99, 127, 155]
    assert (gaps.count(1), gaps.count(2)) == (112, 29)
    assert np.mean(np.array(gaps) <= 24) == pytest.approx(0.9, abs=0.01)
    assert (np.nanmin(air.values[:, 0]), np.nanmax(air.values[:, 0])) == (0, 994)
    assert np.nanmedian(air.values[:, 0]) == 72


def test_the_parts_follow_one_another_in_time(air):
    parts = [air.part(split) for split in ("train", "validation", "test")]
    assert [len(part.time) for part in parts] == [26_304, 8_760, 8_760]
    np.testing.assert_array_equal(np.concatenate([part.time for part in parts]), air.time)
    np.testing.assert_array_equal(np.concatenate([part.values for part in parts]), air.values)
    assert parts[1].time[0] == np.datetime64("2013-01-01T00")
    assert parts[2].time[0] == np.datetime64("2014-01-01T00")
    assert set(parts[2].split) == {"test"}
    assert len(parts[2].wind_direction) == 8_760
    assert parts[2].columns == air.columns
    with pytest.raises(ValueError, match="\"test\", got '2014'"):
        air.part("2014")


def test_the_last_value_and_the_median_forecast_as_well_as_the_page_says(air):
    dust = air.values[:, 0]
    last = carried_forward(dust)
    test = air.split == "test"
    errors = [np.nanmean(np.abs(dust - np.roll(last, ahead))[test]) for ahead in (1, 6, 24)]
    assert errors == pytest.approx([12.0, 38.8, 67.7], abs=0.05)
    median = np.nanmedian(air.part("train").values[:, 0])
    assert np.nanmean(np.abs(dust - median)[test]) == pytest.approx(65.4, abs=0.05)


def test_filling_hidden_stretches_is_as_good_as_the_page_says(air):
    dust = air.values[:, 0]
    hidden = hidden_stretches(air)
    assert hidden.sum() == 5_604
    known = np.where(hidden, np.nan, dust)
    seen = np.flatnonzero(~np.isnan(known))
    hour = np.arange(len(dust)) % 24
    guesses = {
        "mean": np.nanmean(known),
        "mean of the hour": np.array([np.nanmean(known[hour == h]) for h in range(24)])[hour],
        "median": np.nanmedian(known),
        "carried forward": carried_forward(known),
        "straight line": np.interp(np.arange(len(dust)), seen, known[seen]),
    }
    errors = [np.mean(np.abs(dust - guess)[hidden]) for guess in guesses.values()]
    assert errors == pytest.approx([67.6, 67.3, 60.5, 58.8, 46.0], abs=0.05)


def gap_lengths(air: AirQuality) -> list[int]:
    missing = np.isnan(air.values[:, 0])
    return [len(list(run)) for is_missing, run in groupby(missing) if is_missing]


def hidden_stretches(air: AirQuality) -> np.ndarray:
    """Hide measured hours, in stretches as long as the gaps, three for each gap."""
    rng = np.random.default_rng(0)
    dust = air.values[:, 0]
    hidden = np.zeros(len(dust), dtype=bool)
    for length in 3 * gap_lengths(air):
        start = rng.integers(100, len(dust) - 300)
        hidden[start : start + length] = True
    return hidden & ~np.isnan(dust)


def carried_forward(values: np.ndarray) -> np.ndarray:
    """Put the last known value in place of a missing one."""
    known = np.where(np.isnan(values), 0, np.arange(len(values)))
    return values[np.maximum.accumulate(known)]
