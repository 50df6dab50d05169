"""Recurrent neural networks from their equations: NumPy and PyTorch cells, checked and fast."""
