"""The course's cells in NumPy; a name is imported from its file when first asked for (PEP 562)."""

from rnncore.lazy import lazy_names

_HOMES = {
    "activations": "log_softmax relu relu_backward sigmoid sigmoid_backward softmax tanh "
    "tanh_backward",
    "attention": "dot_product_attention dot_product_attention_backward",
    "attention_additive": "AdditiveAttentionParams additive_attention additive_attention_backward",
    "beam": "Hypothesis beam_search",
    "bidirectional": "bidirectional_backward bidirectional_forward",
    "ctc": "ctc_loss",
    "ctc_decoding": "ctc_best_path ctc_prefix_beam",
    "decoding": "greedy next_token_probabilities sample",
    "deep": "deep_backward deep_forward",
    "dropout": "dropout_backward dropout_forward",
    "edits": "EditCounts edit_counts edit_distance word_error_rate",
    "embedding": "embedding_backward embedding_forward",
    "gradients": "centred_difference clip_grad_norm gradient_check gradient_error",
    "gru": "gru_backward gru_forward gru_step_backward gru_step_forward",
    "linear": "linear_backward linear_forward",
    "linear_recurrence": "linear_recurrence_backward linear_recurrence_loop linear_recurrence_scan",
    "losses": "softmax_cross_entropy",
    "lstm": "lstm_backward lstm_forward lstm_step_backward lstm_step_forward",
    "metrics": "bits_per_character calibration_error mase perplexity",
    "min_gru": "MinGRUParams min_gru_backward min_gru_forward min_gru_step_backward "
    "min_gru_step_forward",
    "ngrams": "NGram",
    "optimisers": "SGD Adam Momentum",
    "parameters": "CellParams EmbeddingParams GRUParams LSTMParams LinearParams Parameters "
    "RNNParams",
    "rnn": "rnn_backward rnn_forward rnn_step_backward rnn_step_forward",
    "sequence": "sequence_backward sequence_forward",
    "spans": "SpanScores bio_spans span_f1",
    "trees": "map_arrays named_arrays",
}

__getattr__, __dir__, __all__ = lazy_names(__name__, _HOMES)
