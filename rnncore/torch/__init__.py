"""The course's cells as PyTorch modules, with PyTorch's parameter names."""

from rnncore.torch.rnn import RNN

__all__ = ["RNN"]
