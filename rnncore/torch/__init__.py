"""The course's cells as PyTorch modules, with PyTorch's parameter names."""

from rnncore.torch.gru import GRU
from rnncore.torch.lstm import LSTM
from rnncore.torch.rnn import RNN

__all__ = ["GRU", "LSTM", "RNN"]
