"""The course's data sets: loaders and generators, and of each its licence, split and flaws."""

from rnncore.data.adding import adding_problem
from rnncore.data.air_quality import AirQuality, load_air_quality
from rnncore.data.digits import Digits, load_digits
from rnncore.data.names import Names, load_names
from rnncore.data.shakespeare import CharacterText, load_shakespeare
from rnncore.data.source import DATASETS, Dataset
from rnncore.data.spoken_digits import SpokenDigits, load_spoken_digits, log_mel
from rnncore.data.word_order import WordOrderPairs, word_order_pairs

__all__ = [
    "DATASETS",
    "AirQuality",
    "CharacterText",
    "Dataset",
    "Digits",
    "Names",
    "SpokenDigits",
    "WordOrderPairs",
    "adding_problem",
    "load_air_quality",
    "load_digits",
    "load_names",
    "load_shakespeare",
    "load_spoken_digits",
    "log_mel",
    "word_order_pairs",
]
