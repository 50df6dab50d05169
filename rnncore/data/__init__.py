"""The course's data sets: loaders, and for each its licence, credit line and split."""

from rnncore.data.names import Names, load_names
from rnncore.data.shakespeare import CharacterText, load_shakespeare
from rnncore.data.source import DATASETS, Dataset

__all__ = ["DATASETS", "CharacterText", "Dataset", "Names", "load_names", "load_shakespeare"]
