"""The book's figures, one file a subject; a name is imported when first asked for (PEP 562)."""

from rnncore.lazy import lazy_names

_HOMES = {
    "style": "COLOURS use_style",
    "backward": "gradient_paths",
    "graphs": "columns_and_rows elman_and_jordan recurrent_cell unrolled",
    "gradients": "cliff gradient_by_lag solved_by_length",
    "sequences": "filled_gap padding samples",
    "shapes": "deep_and_bidirectional sequence_shapes",
    "training": "curve_gallery fold_scores rate_range stale_losses training_bands truncation_bias",
    "states": "fading state_maps",
    "curves": "SideBySide by_position distributions learning_stages loss_curves losses_by_order",
}

__getattr__, __dir__, __all__ = lazy_names(__name__, _HOMES)
