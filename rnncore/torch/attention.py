"""Dot-product and additive attention over the states of a sequence, in torch."""

from typing import Any

import torch
from torch import Tensor, nn

from rnncore.torch.validation import check_mask


class DotAttention(nn.Module):
    """Means of values weighted by softmax(scale · query · key); it has no parameters.

    Parameters
    ----------
    scale : float or None
        None means 1/√D.

    References
    ----------
    M.-T. Luong, H. Pham, C. D. Manning, "Effective approaches to attention-based neural machine
    translation", 2015 (scale 1); A. Vaswani et al., "Attention is all you need", 2017, eq. 1.
    """

    def __init__(self, scale: float | None = None) -> None:
        super().__init__()
        self.scale = scale

    def prepare(self, key: Tensor) -> Tensor:
        """Return what `attend` needs of the keys (Tk, N, D): the keys."""
        return key

    def attend(
        self, query: Tensor, prepared: Tensor, value: Tensor, mask: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """Return output and weights as `forward`, from keys that `prepare` returned."""
        if query.shape[1:] != prepared.shape[1:]:
            raise ValueError(
                f"query and key must share N and D, got {tuple(query.shape)} and "
                f"{tuple(prepared.shape)}"
            )
        scale = query.shape[2] ** -0.5 if self.scale is None else self.scale
        key = clear_masked(prepared, mask)
        return _mean(torch.einsum("qnd,knd->qnk", query * scale, key), value, mask)

    def forward(
        self, query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """Attend with each query to all real keys.

        Parameters
        ----------
        query : tensor (Tq, N, D)
        key : tensor (Tk, N, D)
        value : tensor (Tk, N, V)
        mask : bool tensor (Tk, N) or None
            True where a key is real; where False, key and value may hold anything.

        Returns
        -------
        output : tensor (Tq, N, V)
        weights : tensor (Tq, N, Tk)
            They sum to 1 over the keys. Where a sequence has no real key, both are 0.

        Raises
        ------
        ValueError
            If a shape or dtype does not fit.
        """
        return self.attend(query, self.prepare(key), value, mask)


class AdditiveAttention(nn.Module):
    """Means of values weighted by the softmax of v · tanh(W_q q + W_k k + b).

    Its parameters are ``weight_query`` (A, Dq), ``weight_key`` (A, Dk), ``bias`` (A,) and
    ``weight_score`` (A,).

    Parameters
    ----------
    query_size, key_size, units : int
        Dq, Dk and A.
    device, dtype
        Of the parameters, as in ``torch.nn``.

    References
    ----------
    D. Bahdanau, K. Cho, Y. Bengio, "Neural machine translation by jointly learning to align and
    translate", 2015, appendix A.1.2.
    """

    def __init__(
        self,
        query_size: int,
        key_size: int,
        units: int,
        device: torch.device | str | None = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__()

        def draw(inputs: int, *shape: int) -> nn.Parameter:
            weight = torch.empty(shape, device=device, dtype=dtype)
            return nn.Parameter(weight.uniform_(-(inputs**-0.5), inputs**-0.5))

        self.weight_query = draw(query_size, units, query_size)
        self.weight_key = draw(key_size, units, key_size)
        self.bias = draw(key_size, units)
        self.weight_score = draw(units, units)

    def prepare(self, key: Tensor) -> Tensor:
        """Return what `attend` needs of the keys (Tk, N, Dk): W_k k, (Tk, N, A)."""
        if key.shape[2:] != self.weight_key.shape[1:]:
            raise ValueError(
                f"key must have shape (Tk, N, {self.weight_key.shape[1]}), got {tuple(key.shape)}"
            )
        return key @ self.weight_key.T

    def attend(
        self, query: Tensor, prepared: Tensor, value: Tensor, mask: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """Return output and weights as `forward`, from keys that `prepare` returned."""
        N, Dq = prepared.shape[1], self.weight_query.shape[1]
        if query.ndim != 3 or query.shape[1:] != (N, Dq):
            raise ValueError(f"query must have shape (Tq, {N}, {Dq}), got {tuple(query.shape)}")
        prepared = clear_masked(prepared, mask)
        from_query = query @ self.weight_query.T + self.bias
        units = torch.tanh(from_query[:, :, None] + prepared.transpose(0, 1))  # (Tq, N, Tk, A)
        return _mean(units @ self.weight_score, value, mask)

    def forward(
        self, query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """Attend as `DotAttention.forward`; query (Tq, N, Dq), key (Tk, N, Dk)."""
        # Before W_k, whose gradient would meet what is masked.
        return self.attend(query, self.prepare(clear_masked(key, mask)), value, mask)


def make_attention(kind: str, size: int, **where: Any) -> DotAttention | AdditiveAttention:
    """Return the attention of this name, "dot" or "additive", for queries and keys of one size.

    Raises
    ------
    ValueError
        If the name is unknown.
    """
    if kind == "dot":
        return DotAttention()
    if kind == "additive":
        return AdditiveAttention(size, size, size, **where)
    raise ValueError(f'attention must be "dot" or "additive", got {kind!r}')


def clear_masked(array: Tensor, mask: Tensor | None) -> Tensor:
    """Set to zero what is masked in (Tk, N, any).

    Raises
    ------
    ValueError
        If the mask is not bool of shape (Tk, N).
    """
    if mask is None:
        return array
    check_mask(mask, *array.shape[:2])
    return torch.where(mask[..., None], array, 0)


def _mean(scores: Tensor, value: Tensor, mask: Tensor | None) -> tuple[Tensor, Tensor]:
    """Return the weighted means of the values, and the weights, from scores (Tq, N, Tk)."""
    _, N, Tk = scores.shape
    if value.ndim != 3 or value.shape[:2] != (Tk, N):
        raise ValueError(f"value must have shape ({Tk}, {N}, V), got {tuple(value.shape)}")
    value = clear_masked(value, mask)
    if mask is not None:
        real = mask.T
        # Without a real key the scores stay, so that no NaN arises; every weight is 0 after.
        scores = torch.where(real | ~real.any(dim=1, keepdim=True), scores, -torch.inf)
    weights = torch.softmax(scores, dim=2)
    if mask is not None:
        weights = torch.where(mask.T, weights, 0)
    return torch.einsum("qnk,knv->qnv", weights, value), weights
