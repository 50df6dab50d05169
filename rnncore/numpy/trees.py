"""Trees of parameters: dicts, lists and tuples of parameter classes and arrays, walked as one."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from rnncore.numpy.parameters import Parameters
from rnncore.numpy.validation import Array, check_array


def map_arrays(function: Callable[..., Array], tree: Any, *others: Any) -> Any:
    """Apply ``function`` to each array of ``tree`` and to its partners in ``others``.

    Parameters
    ----------
    function : callable
        Takes one array of each tree and returns an array.
    tree, *others : array, Parameters, None, or a dict, list or tuple of these
        All of the same structure.

    Returns
    -------
    Of the structure of ``tree``.

    Raises
    ------
    ValueError
        If something else stands in a tree, or the structures differ.
    """
    if tree is None:
        return None
    if any(type(other) is not type(tree) for other in others):
        kinds = ", ".join(type(other).__name__ for other in others)
        raise ValueError(f"trees must have one structure, got {type(tree).__name__} beside {kinds}")
    if isinstance(tree, np.ndarray):
        for other in others:
            check_array("the partner of an array", other, tree.shape)
        return function(tree, *others)
    if isinstance(tree, Parameters):
        partners = [dict(other.arrays()) for other in others]
        changed = {
            name: map_arrays(function, array, *(partner.get(name) for partner in partners))
            for name, array in tree.arrays()
        }
        return tree.replace(**changed)
    if isinstance(tree, dict):
        if any(other.keys() != tree.keys() for other in others):
            raise ValueError(f"dicts must have the same keys: {', '.join(map(str, tree))}")
        return {
            key: map_arrays(function, part, *(other[key] for other in others))
            for key, part in tree.items()
        }
    if isinstance(tree, list | tuple):
        if any(len(other) != len(tree) for other in others):
            raise ValueError(f"sequences must have the same length: {len(tree)}")
        return type(tree)(map_arrays(function, *parts) for parts in zip(tree, *others, strict=True))
    raise ValueError(
        "parameters must be arrays, parameter classes, or dicts, lists and tuples of these, "
        f"got {type(tree).__name__}"
    )


def named_arrays(tree: Any, name: str = "") -> Iterator[tuple[str, Array]]:
    """Yield each array of a tree as `map_arrays` takes it, with its dotted name."""
    if isinstance(tree, np.ndarray):
        yield name or "array", tree
        return
    if isinstance(tree, Parameters):
        parts: Any = tree.arrays()
    elif isinstance(tree, dict):
        parts = tree.items()
    else:
        parts = enumerate(() if tree is None else tree)
    for key, part in parts:
        yield from named_arrays(part, f"{name}.{key}" if name else str(key))
