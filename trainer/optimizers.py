"""The table of optimizers, and their arguments as sd-scripts writes them: name=value."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import torch
from torch import nn

from trainer.errors import TrainerError

Groups = Sequence[tuple[list[nn.Parameter], float]]

OPTIMIZERS: Mapping[str, Callable[..., torch.optim.Optimizer]] = {
    "AdamW": partial(torch.optim.AdamW, fused=True),  # one kernel for hundreds of small matrices
}


def make_optimizer(name: str, groups: Groups, arguments: Iterable[str]) -> torch.optim.Optimizer:
    """An optimizer for groups of (parameters, learning rate); empty groups are left out.

    Raises TrainerError when the optimizer does not take the arguments.
    """
    rows = [{"params": part, "lr": rate, "initial_lr": rate} for part, rate in groups if part]
    options = parse_arguments(arguments)
    if "lr" in options:
        raise TrainerError("The optimizer argument lr would have no effect.", "Set learning_rate.")
    try:
        return OPTIMIZERS[name](rows, **options)
    except (TypeError, ValueError, RuntimeError) as error:
        raise TrainerError(
            f"The optimizer {name} does not take {' '.join(arguments)}: {error}.",
            "Change optimizer_args.",
        ) from error


def parse_arguments(texts: Iterable[str]) -> dict[str, Any]:
    """["betas=0.9,0.99"] -> {"betas": (0.9, 0.99)}. Raises TrainerError."""
    options = {}
    for text in texts:
        name, _, value = text.partition("=")
        try:
            options[name.strip()] = ast.literal_eval(value.strip())
        except (ValueError, SyntaxError) as error:
            raise TrainerError(
                f'The optimizer argument "{text}" cannot be read.',
                "Write name=value with a number, True or False.",
            ) from error
    return options


def set_rates(optimizer: torch.optim.Optimizer, share: float) -> None:
    """Give every group this share of its own learning rate."""
    for group in optimizer.param_groups:
        group["lr"] = group["initial_lr"] * share


def dump_state(optimizer: torch.optim.Optimizer) -> dict[str, torch.Tensor]:
    """What the optimizer remembers, as tensors named `<parameter number>.<name>`."""
    rows = optimizer.state_dict()["state"]
    return {
        f"{number}.{name}": torch.as_tensor(value).detach().cpu().contiguous()
        for number, row in rows.items()
        for name, value in row.items()
    }


def load_state(optimizer: torch.optim.Optimizer, tensors: Mapping[str, torch.Tensor]) -> None:
    """Take over what `dump_state` gave for an optimizer of the same groups."""
    rows: dict[int, dict[str, torch.Tensor]] = {}
    for key, tensor in tensors.items():
        number, _, name = key.partition(".")
        rows.setdefault(int(number), {})[name] = tensor
    optimizer.load_state_dict({**optimizer.state_dict(), "state": rows})
