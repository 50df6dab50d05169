"""The fit loop for torch modules."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from rnncore.training_loop import History, check_finite, check_settings, run

if TYPE_CHECKING:
    import torch


def fit_torch(
    module: torch.nn.Module,
    loss: Callable[[Any, Any, Any], tuple[torch.Tensor, Any]],
    batches: Iterable[Any],
    optimiser: torch.optim.Optimizer,
    updates: int,
    *,
    seed: int,
    max_norm: float | None = None,
    schedule: Callable[[float], float] | None = None,
    held_out: Callable[[Any], float] | None = None,
    checkpoints: Collection[int] = (),
    patience: int | None = None,
    progress: bool | None = None,
) -> History:
    """Train a module in place, as `fit` trains parameters.

    Parameters
    ----------
    module : torch.nn.Module
    loss : callable
        Takes (module, batch, state) and returns (loss, state), the loss a tensor (). The state, a
        tensor, None, or a tuple, list or dict of these, is detached and handed on to the next
        batch; the first one is None.
    batches : iterable
    optimiser : torch.optim.Optimizer
        Over the module's parameters.
    updates : int
        At least 1.
    seed : int
        Of torch's own random numbers during this call: dropout above all. What torch's generators
        held before, they hold after.
    max_norm, schedule, checkpoints, patience, progress
        As `fit`. The schedule scales each group's learning rate, which afterwards is as before.
        Checkpoints hold the module's ``state_dict``, and with patience the best is loaded at the
        end.
    held_out : callable or None
        From the module, in evaluation mode and without gradients, to a loss on data that are not
        trained on.

    Returns
    -------
    history : History

    Raises
    ------
    ValueError
        If an argument is not as above, or the batches run out.
    FloatingPointError
        If a loss or gradient is not finite, or with patience a held-out loss is NaN. The module
        is left as it was before that update.
    """
    import torch

    check_settings(updates, max_norm, held_out, checkpoints, patience)
    rates = [group["lr"] for group in optimiser.param_groups]
    limit = torch.inf if max_norm is None else max_norm
    was_training, state = module.training, None

    def update(batch: Any, done: int) -> tuple[float, float]:
        nonlocal state
        optimiser.zero_grad()
        value, state = loss(module, batch, state)
        state = _detach(state)
        check_finite("loss", value.item(), done)
        torch.autograd.backward(value)
        norm = torch.nn.utils.clip_grad_norm_(module.parameters(), limit).item()
        check_finite("gradient's norm", norm, done)
        factor = 1.0 if schedule is None else float(schedule(done / updates))
        for group, rate in zip(optimiser.param_groups, rates, strict=True):
            group["lr"] = rate * factor
        optimiser.step()
        return value.item(), norm

    def keep() -> dict[str, Any]:
        return {key: value.clone() for key, value in module.state_dict().items()}

    def measure(held_out: Callable[[Any], float]) -> float:
        module.eval()
        with torch.no_grad():
            value = held_out(module)
        module.train()
        return value

    try:
        with torch.random.fork_rng():
            torch.manual_seed(seed)
            module.train()
            history = run(
                update,
                keep,
                None if held_out is None else partial(measure, held_out),
                batches,
                updates,
                checkpoints,
                patience,
                progress,
            )
    finally:
        module.train(was_training)
        for group, rate in zip(optimiser.param_groups, rates, strict=True):
            group["lr"] = rate
    if patience is not None:
        module.load_state_dict(history.checkpoints[history.best])
    return history


def _detach(state: Any) -> Any:
    if isinstance(state, dict):
        return {key: _detach(part) for key, part in state.items()}
    if isinstance(state, tuple | list):
        return type(state)(_detach(part) for part in state)
    return None if state is None else state.detach()
