"""The table of optimizers, and their arguments as sd-scripts writes them: name=value."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import torch
from torch import nn

from trainer.errors import TrainerError
from trainer.optimizer_kinds.dadapt import DAdaptAdam
from trainer.optimizer_kinds.grouped import MEMORY
from trainer.optimizer_kinds.lion import Lion
from trainer.optimizer_kinds.prodigy import Prodigy, ProdigyScheduleFree
from trainer.optimizer_kinds.schedule_free import AdamWScheduleFree

Groups = Sequence[tuple[list[nn.Parameter], float]]

Make = Callable[..., torch.optim.Optimizer]


def _adafactor(rows: list[dict[str, Any]], **options: Any) -> torch.optim.Optimizer:
    """With the rate of the group, unless its arguments say otherwise, as everybody sets it."""
    from transformers.optimization import Adafactor  # a second to load, for few

    fixed = {"scale_parameter": False, "relative_step": False}
    return Adafactor(rows, **{**fixed, **options})  # type: ignore[no-untyped-call]


def _adamw_8bit(rows: list[dict[str, Any]], **options: Any) -> torch.optim.Optimizer:
    """Raises TrainerError where bitsandbytes is missing or there is no GPU for it."""
    try:
        from bitsandbytes.optim import AdamW8bit
    except ImportError as error:
        raise TrainerError(
            "AdamW8bit needs the package bitsandbytes, which is not installed.",
            "Install it (pip install bitsandbytes), or use AdamW.",
        ) from error
    if rows[0]["params"][0].device.type == "cpu":
        raise TrainerError("AdamW8bit needs a GPU.", "Use AdamW.")
    made: torch.optim.Optimizer = AdamW8bit(rows, **options)
    return made


OPTIMIZERS: Mapping[str, Make] = {
    "AdamW": partial(torch.optim.AdamW, fused=True),  # one kernel for hundreds of small matrices
    "AdamW8bit": _adamw_8bit,
    "Lion": Lion,
    "Adafactor": _adafactor,
    "Prodigy": Prodigy,
    "DAdaptAdam": DAdaptAdam,
    "AdamWScheduleFree": AdamWScheduleFree,
    "ProdigyScheduleFree": ProdigyScheduleFree,
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
    """What the optimizer remembers: `<parameter number>.<name>`, `group<number>.<name>`.

    Whole numbers and fractions of Python become tensors of 64 bits without sides.
    """
    return {
        f"{owner}.{name}": _as_tensor(value)
        for owner, memory in _memories(optimizer).items()
        for name, value in memory.items()
    }


def load_state(optimizer: torch.optim.Optimizer, tensors: Mapping[str, torch.Tensor]) -> None:
    """Take over what `dump_state` gave for an optimizer of the same groups, and forget the rest."""
    optimizer.state.clear()
    devices = {str(number): one.device for number, one in enumerate(_parameters(optimizer))} | {
        f"group{number}": group["params"][0].device
        for number, group in enumerate(optimizer.param_groups)
    }
    memories = _memories(optimizer)
    for key, tensor in tensors.items():
        owner, _, name = key.partition(".")
        memories[owner][name] = _as_value(tensor, devices[owner])


def _parameters(optimizer: torch.optim.Optimizer) -> list[torch.Tensor]:
    return [one for group in optimizer.param_groups for one in group["params"]]


def _memories(optimizer: torch.optim.Optimizer) -> dict[str, dict[str, Any]]:
    """All that is remembered, by the number of the parameter or group; changes reach it."""
    found = {str(number): optimizer.state[one] for number, one in enumerate(_parameters(optimizer))}
    groups = enumerate(optimizer.param_groups)
    return found | {f"group{number}": it[MEMORY] for number, it in groups if MEMORY in it}


def _as_tensor(value: torch.Tensor | float) -> torch.Tensor:
    if isinstance(value, torch.Tensor):
        return value.detach().cpu().contiguous()
    return torch.tensor(value, dtype=torch.int64 if isinstance(value, int) else torch.float64)


def _as_value(tensor: torch.Tensor, device: torch.device) -> torch.Tensor | float:
    if not tensor.dim() and tensor.dtype in (torch.int64, torch.float64):
        return tensor.item()
    return tensor.to(device, copy=True)
