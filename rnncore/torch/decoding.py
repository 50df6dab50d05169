"""From logits to the next symbol: temperature, top-k and nucleus sampling, in torch."""

import torch
from torch import Tensor


def next_token_probabilities(
    logits: Tensor,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
) -> Tensor:
    """Return the distribution that `sample` draws from.

    Parameters
    ----------
    logits : tensor (..., K)
    temperature : float
        Logits are divided by it; below 1 the likely symbols gain, above 1 the unlikely ones.
    top_k : int or None
        Keep the k most likely symbols. Of symbols that are equally likely, the first are kept.
    top_p : float or None
        Keep the smallest set of most likely symbols that together have at least this probability.
        With both, ``top_k`` comes first.

    Returns
    -------
    probabilities : tensor (..., K)
        Zero for symbols that were not kept; the rest sum to 1.

    Raises
    ------
    ValueError
        If ``temperature`` is not above 0, ``top_k`` below 1, or ``top_p`` outside (0, 1].

    References
    ----------
    Top-k: A. Fan, M. Lewis, Y. Dauphin, "Hierarchical neural story generation", 2018. Nucleus:
    A. Holtzman et al., "The curious case of neural text degeneration", 2020.
    """
    if not temperature > 0:
        raise ValueError(f"temperature must be above 0, got {temperature}; for 0 use argmax")
    if top_k is not None and top_k < 1:
        raise ValueError(f"top_k must be at least 1, got {top_k}")
    if top_p is not None and not 0 < top_p <= 1:
        raise ValueError(f"top_p must lie in (0, 1], got {top_p}")
    ranked, order = torch.softmax(logits / temperature, dim=-1).sort(descending=True, stable=True)
    if top_k is not None:
        ranked[..., top_k:] = 0
        ranked = ranked / ranked.sum(dim=-1, keepdim=True)
    if top_p is not None:
        before = ranked.cumsum(dim=-1) - ranked
        ranked = torch.where(before >= top_p, 0, ranked)
        ranked = ranked / ranked.sum(dim=-1, keepdim=True)
    return torch.empty_like(ranked).scatter(-1, order, ranked)


def sample(
    logits: Tensor,
    generator: torch.Generator,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
) -> Tensor:
    """Draw a symbol at each place; parameters as `next_token_probabilities`.

    Parameters
    ----------
    logits : tensor (..., K)
    generator : torch.Generator

    Returns
    -------
    ids : int64 tensor (...)

    Raises
    ------
    ValueError
        As `next_token_probabilities`, and if a logit is NaN.
    """
    probabilities = next_token_probabilities(logits, temperature, top_k, top_p)
    if probabilities.isnan().any():
        raise ValueError("logits must not hold NaN: there is nothing to draw from")
    rows = probabilities.reshape(-1, logits.shape[-1])
    return torch.multinomial(rows, 1, generator=generator).reshape(logits.shape[:-1])
