"""The book's figures, one file a subject; a name is imported when first asked for (PEP 562)."""

from importlib import import_module

_HOME = {
    "style": "COLOURS use_style",
    "graphs": "columns_and_rows elman_and_jordan recurrent_cell unrolled",
    "states": "fading state_maps",
    "curves": "SideBySide by_position distributions learning_stages loss_curves losses_by_order",
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
