"""Recordings of spoken digits, and their log-mel frames."""

import io
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from rnncore.data.source import DATASETS
from rnncore.data.splits import rows_of

OFFICIAL_TEST_TAKES = 5
FLOOR = 1e-10
"""Added to an energy before its logarithm is taken, so that silence has one."""


@dataclass(frozen=True, eq=False)
class SpokenDigits:
    """Recordings of six people who say each digit fifty times.

    Parameters
    ----------
    recordings : list of float32 array (samples,)
        From -1 to 1, of 0.14 to 2.28 seconds.
    digits : int64 array (N,)
        0 to 9.
    speakers : array of str (N,)
        "george", "jackson", "lucas", "nicolas", "theo" or "yweweler".
    takes : int64 array (N,)
        0 to 49, for each speaker and digit.
    split : array of str (N,)
        By speaker: "test" is george, "validation" jackson, "train" the other four.
    official_split : array of str (N,)
        By take: "test" is the takes 0 to 4, "train" the others; the same people speak in both.
    sample_rate : int
        Samples a second.
    """

    recordings: list[NDArray[np.float32]]
    digits: NDArray[np.int64]
    speakers: NDArray[np.str_]
    takes: NDArray[np.int64]
    split: NDArray[np.str_]
    official_split: NDArray[np.str_]
    sample_rate: int

    def part(self, split: str, by: Literal["speaker", "take"] = "speaker") -> "SpokenDigits":
        """Return the recordings of one part.

        Parameters
        ----------
        split : str
            "train", "validation" or "test".
        by : "speaker" or "take"
            The split by speaker, or the official one, which has no validation part.

        Raises
        ------
        ValueError
            If there is no such split or no such part of it.
        """
        if by not in ("speaker", "take"):
            raise ValueError(f'by must be "speaker" or "take", got {by!r}')
        rows = rows_of(split, self.split if by == "speaker" else self.official_split)
        if not rows.size:
            raise ValueError(
                f'split must be "train" or "test" with by="take", got {split!r}: '
                "put takes of your choice aside"
            )
        return replace(
            self,
            recordings=[self.recordings[i] for i in rows],
            digits=self.digits[rows],
            speakers=self.speakers[rows],
            takes=self.takes[rows],
            split=self.split[rows],
            official_split=self.official_split[rows],
        )


def load_spoken_digits() -> SpokenDigits:
    """Load and decode the recordings.

    Returns
    -------
    SpokenDigits
        3,000 recordings at 8,000 samples a second: by speaker 2,000 train, 500 validation, 500
        test; by take 2,700 train, 300 test.
    """
    with np.load(io.BytesIO(DATASETS["spoken_digits"].read_bytes())) as packed:
        audio = _decoded(packed["audio"])
        ends = packed["offsets"][1:]
        speakers = packed["speaker_names"][packed["speaker"]]
        takes = packed["take"].astype(np.int64)
        digits = packed["digit"].astype(np.int64)
        sample_rate = int(packed["sample_rate"])
    return SpokenDigits(
        np.split(audio, ends[:-1]),
        digits,
        speakers,
        takes,
        np.select([speakers == "george", speakers == "jackson"], ["test", "validation"], "train"),
        np.where(takes < OFFICIAL_TEST_TAKES, "test", "train"),
        sample_rate,
    )


def _decoded(codes: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return the samples that mu-law codes stand for, from -1 to 1."""
    level = 2 * np.arange(256) / 255 - 1
    sample_of = np.sign(level) * (256 ** np.abs(level) - 1) / 255
    samples: NDArray[np.float32] = sample_of.astype(np.float32)[codes]
    return samples


def log_mel(
    samples: NDArray[np.floating],
    sample_rate: int,
    bands: int = 24,
    window: int = 256,
    hop: int = 80,
) -> NDArray[np.float64]:
    """Cut a recording into frames and measure the energy of each in bands of the mel scale.

    A frame is weighted by a Hann window, whose weights sum to 1, and its power spectrum summed by
    triangles, each of which reaches from the centre of the band before to that of the band after.
    On the mel scale, m = 2595 log10(1 + f / 700) of a frequency f in hertz, the centres are evenly
    spaced from 0 to half the sample rate. Frame t is centred on sample ``hop * t``, with silence
    around the recording. Loudness adds a constant, so subtract the mean of a recording's values
    where loudness says nothing.

    Parameters
    ----------
    samples : array (samples,)
    sample_rate : int
        Samples a second.
    bands : int
        How many, D.
    window, hop : int
        Samples in a frame, an even number, and from one frame to the next.

    Returns
    -------
    array (T, D)
        Natural logarithms, T = 1 + samples / hop rounded up.

    Raises
    ------
    ValueError
        If the recording has more than one channel.

    References
    ----------
    S. Davis and P. Mermelstein, Comparison of parametric representations for monosyllabic word
    recognition in continuously spoken sentences, 1980, for the bands; D. O'Shaughnessy, Speech
    communication, 1987, for the formula of the scale.
    """
    if samples.ndim != 1:
        raise ValueError(f"samples must have one axis, got shape {samples.shape}: take one channel")
    silence = window // 2, window // 2 + -len(samples) % hop
    frames = np.lib.stride_tricks.sliding_window_view(np.pad(samples, silence), window)[::hop]
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(window) / window)
    power = np.abs(np.fft.rfft(frames * (hann / hann.sum()))) ** 2
    logarithms: NDArray[np.float64] = np.log(power @ _triangles(sample_rate, bands, window) + FLOOR)
    return logarithms


def _triangles(sample_rate: int, bands: int, window: int) -> NDArray[np.float64]:
    """Return what each frequency of the spectrum adds to each band, (window // 2 + 1, bands)."""
    mel = 2595 * np.log10(1 + np.fft.rfftfreq(window, 1 / sample_rate) / 700)
    centres = np.linspace(0, mel[-1], bands + 2)
    away = np.abs(mel[:, None] - centres[1:-1]) / (centres[1] - centres[0])
    triangles: NDArray[np.float64] = np.maximum(0, 1 - away)
    return triangles
