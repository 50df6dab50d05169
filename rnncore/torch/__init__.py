"""The course's cells as PyTorch modules, with PyTorch's parameter names."""

from rnncore.torch.gru import GRU
from rnncore.torch.linear_recurrence import linear_recurrence_loop, linear_recurrence_scan
from rnncore.torch.lstm import LSTM
from rnncore.torch.min_gru import MinGRU
from rnncore.torch.rnn import RNN

__all__ = ["GRU", "LSTM", "RNN", "MinGRU", "linear_recurrence_loop", "linear_recurrence_scan"]
