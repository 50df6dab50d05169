"""The course's cells as PyTorch modules with PyTorch's parameter names, and models of them."""

from rnncore.torch.attention import AdditiveAttention, DotAttention
from rnncore.torch.classifier import Classifier
from rnncore.torch.decoder import AttentionDecoder
from rnncore.torch.decoding import next_token_probabilities, sample
from rnncore.torch.deep import Deep
from rnncore.torch.encoder import Encoder
from rnncore.torch.encoder_decoder import EncoderDecoder
from rnncore.torch.gru import GRU
from rnncore.torch.language_model import LanguageModel
from rnncore.torch.linear_recurrence import linear_recurrence_loop, linear_recurrence_scan
from rnncore.torch.losses import cross_entropy, nats
from rnncore.torch.lstm import LSTM
from rnncore.torch.min_gru import MinGRU
from rnncore.torch.rnn import RNN
from rnncore.torch.tagger import Tagger

__all__ = [
    "GRU",
    "LSTM",
    "RNN",
    "AdditiveAttention",
    "AttentionDecoder",
    "Classifier",
    "Deep",
    "DotAttention",
    "Encoder",
    "EncoderDecoder",
    "LanguageModel",
    "MinGRU",
    "Tagger",
    "cross_entropy",
    "linear_recurrence_loop",
    "linear_recurrence_scan",
    "nats",
    "next_token_probabilities",
    "sample",
]
