"""Hourly fine dust and weather in Beijing, with gaps."""

import csv
import io
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from rnncore.data.source import DATASETS
from rnncore.data.splits import rows_of


@dataclass(frozen=True, eq=False)
class AirQuality:
    """One row an hour, none left out; NaN where a value was not measured.

    Parameters
    ----------
    time : datetime64[h] array (T,)
    columns : tuple of str
        The names of the numeric columns: "pm2.5" (µg/m³), "dew_point" and "temperature" (°C),
        "pressure" (hPa), "wind_speed" (m/s, added up since the direction last changed), "snow"
        and "rain" (hours so far).
    values : float64 array (T, 7)
        Only "pm2.5" has gaps.
    wind_direction : array of str (T,)
        "SE", "NW", "NE" or "cv", calm and variable.
    split : array of str (T,)
        "train" to 2012, "validation" in 2013, "test" in 2014.
    """

    time: NDArray[np.datetime64]
    columns: tuple[str, ...]
    values: NDArray[np.float64]
    wind_direction: NDArray[np.str_]
    split: NDArray[np.str_]

    def part(self, split: str) -> "AirQuality":
        """Return the hours of one part.

        Raises
        ------
        ValueError
            If ``split`` is not "train", "validation" or "test".
        """
        rows = rows_of(split, self.split)
        return replace(
            self,
            time=self.time[rows],
            values=self.values[rows],
            wind_direction=self.wind_direction[rows],
            split=self.split[rows],
        )


def load_air_quality() -> AirQuality:
    """Load the hours from the beginning of 2010 to the end of 2014.

    Returns
    -------
    AirQuality
        43,824 hours: 26,304 train, 8,760 validation, 8,760 test.
    """
    header, *rows = csv.reader(io.StringIO(DATASETS["air_quality"].read_text()))
    cells = np.array(rows)
    text = ["time", "wind_direction"]
    columns = tuple(name for name in header if name not in text)
    numbers = cells[:, [header.index(name) for name in columns]]
    time = cells[:, header.index("time")].astype("datetime64[h]")
    return AirQuality(
        time,
        columns,
        np.where(numbers == "", "nan", numbers).astype(np.float64),
        cells[:, header.index("wind_direction")],
        _split(time),
    )


def _split(time: NDArray[np.datetime64]) -> NDArray[np.str_]:
    years = time.astype("datetime64[Y]")
    return np.select(
        [years < np.datetime64("2013"), years < np.datetime64("2014")],
        ["train", "validation"],
        "test",
    )
