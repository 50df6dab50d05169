"""The course's cells in NumPy; a name is imported from its file when first asked for (PEP 562)."""

from importlib import import_module

_HOME = {
    "attention_additive": "AdditiveAttentionParams additive_attention additive_attention_backward",
    "attention": "dot_product_attention dot_product_attention_backward",
    "dropout": "dropout_backward dropout_forward",
    "linear_recurrence": "linear_recurrence_backward linear_recurrence_loop linear_recurrence_scan",
    "min_gru": "MinGRUParams min_gru_backward min_gru_forward min_gru_step_backward "
    "min_gru_step_forward",
    "activations": "log_softmax relu relu_backward sigmoid sigmoid_backward softmax tanh "
    "tanh_backward",
    "bidirectional": "bidirectional_backward bidirectional_forward",
    "beam": "Hypothesis beam_search",
    "ctc": "ctc_loss",
    "ctc_decoding": "ctc_best_path ctc_prefix_beam",
    "deep": "deep_backward deep_forward",
    "decoding": "greedy next_token_probabilities sample",
    "edits": "EditCounts edit_counts edit_distance word_error_rate",
    "embedding": "embedding_backward embedding_forward",
    "gradients": "centred_difference clip_grad_norm gradient_check gradient_error",
    "linear": "linear_backward linear_forward",
    "losses": "softmax_cross_entropy",
    "metrics": "bits_per_character calibration_error mase perplexity",
    "ngrams": "NGram",
    "optimisers": "SGD Adam Momentum",
    "gru": "gru_backward gru_forward gru_step_backward gru_step_forward",
    "lstm": "lstm_backward lstm_forward lstm_step_backward lstm_step_forward",
    "parameters": "CellParams EmbeddingParams GRUParams LSTMParams LinearParams Parameters "
    "RNNParams",
    "rnn": "rnn_backward rnn_forward rnn_step_backward rnn_step_forward",
    "sequence": "sequence_backward sequence_forward",
    "spans": "SpanScores bio_spans span_f1",
    "trees": "map_arrays named_arrays",
}
_MODULE_OF = {name: module for module, names in _HOME.items() for name in names.split()}

__all__ = sorted(_MODULE_OF)


def __getattr__(name: str) -> object:
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
