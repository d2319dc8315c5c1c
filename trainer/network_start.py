"""What a network begins with: chance, a finished file, or the state that a run goes on from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

from trainer import checkpoint
from trainer.adapters import KINDS
from trainer.config import RunConfig
from trainer.errors import TrainerError
from trainer.model import Target
from trainer.network import Network, make_network
from trainer.network_options import algorithm
from trainer.network_plan import by_layer
from trainer.noise import generator


def begin_network(config: RunConfig, targets: Sequence[Target], device: torch.device) -> Network:
    """The network of a run on `device`, before its first step.

    Raises TrainerError when a file to begin with does not fit.
    """
    path = config.network_weights if config.resume is None else None
    tensors = None if path is None else checkpoint.load_network(path)
    ranks = tensors
    if config.resume is not None and config.dim_from_weights:
        ranks = checkpoint.load_state(config.resume).network
    network = make_network(
        config,
        targets,
        generator("network", config.seed),
        ranks if config.dim_from_weights else None,
    )
    if path is not None and tensors is not None:
        _begin_with(network, path, tensors, config)
    network.to(device)
    return network


def _begin_with(
    network: Network, path: Path, tensors: dict[str, Tensor], config: RunConfig
) -> None:
    mine = network.state_dict()
    left_over = network.load(tensors)
    alphas = _alphas(network.state_dict())
    if not left_over and (config.dim_from_weights or alphas == _alphas(mine)):
        return
    kind = KINDS[algorithm(config)]
    layers = by_layer(tensors)
    ranks = {kind.rank_in(layer) for layer in layers.values()} - {None}
    found = {float(layer["alpha"]) for layer in layers.values() if "alpha" in layer} or ranks
    dim, alpha = config.network_dim, config.network_alpha or config.network_dim
    hint = (
        f"It has dim {_listed(ranks)} and alpha {_listed(found)}, the run {dim} and {alpha:g}: set "
        "network_dim and network_alpha (or switch dim_from_weights on), and train the same parts."
    )
    if not ranks:
        hint = "It is of another kind than the run's network_module and algo."
    elif ranks == {dim} and found == {alpha}:
        hint = (
            "Its dim and alpha are the run's, but not its layers: set dora_wd, conv_dim and the "
            "parts that are trained as they were for it."
        )
    raise TrainerError(f"The network {path} does not fit this run.", hint)


def _alphas(tensors: dict[str, Tensor]) -> dict[str, float]:
    return {name: float(one) for name, one in tensors.items() if name.endswith(".alpha")}


def _listed(numbers: set[int | None] | set[float]) -> str:
    return ", ".join(f"{number:g}" for number in sorted(number for number in numbers if number))
