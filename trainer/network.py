"""The network of a run: adapter layers on the frozen model, their parameters and their file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import torch
from torch import Tensor, nn
from torch.utils.hooks import RemovableHandle

from trainer.adapter_layer import AdapterLayer, Chance, Start, Style
from trainer.adapters import KINDS, Group
from trainer.config import RunConfig
from trainer.model import Part, Target
from trainer.network_options import algorithm, preset_of
from trainer.network_plan import Planned, by_layer, plan_network
from trainer.noise import generator
from trainer.order import Place

_SEEDS = 2**62


class Network:
    """Layers of one kind on the layers of a frozen model; an Adapter.

    New numbers are drawn from `random`; without it the network is on the meta device, for names
    and shapes. `plus` is the LoRA+ ratio of each part: how many times faster the ups learn.
    """

    def __init__(
        self,
        kind: str,
        planned: Sequence[Planned],
        style: Style,
        random: torch.Generator | None,
        plus: Mapping[Part, float] | None = None,
    ) -> None:
        start, make = Start(random), KINDS[kind]
        self._plus = plus or {}
        self._layers = {
            one.target.name: make(one.target, one.rank, one.alpha, style, start) for one in planned
        }
        self._factors = {one.target.name: one.factor for one in planned}
        dropouts = style.dropout, style.rank_dropout, style.module_dropout
        self._by_chance = any(dropouts) or kind == "dylora"
        self._handles = [_attach(self._layers[one.target.name], one.target) for one in planned]

    def parameters(self, part: Part) -> list[Group]:
        """What is trained of one part, in groups with the same share of its learning rate."""
        groups: dict[float, list[nn.Parameter]] = {}
        plus = self._plus.get(part, 1.0)
        for name, layer in self._layers.items():
            if layer.part == part:
                factor = self._factors[name]
                groups.setdefault(factor, []).extend(layer.matrices())
                groups.setdefault(factor * plus, []).extend(layer.ups())
        return [Group(factor, found) for factor, found in groups.items() if found]

    @contextmanager
    def learning(self, *key: object, place: Place | None = None) -> Iterator[None]:
        """Dropouts and DyLoRA's choice of ranks are at work inside, and depend on `key` alone."""
        layers = list(self._layers.values()) if self._by_chance else []
        random = generator("network", *key)
        shares = torch.rand(len(layers), generator=random).tolist()
        seeds = torch.randint(_SEEDS, (len(layers),), generator=random).tolist()
        for layer, share, seed in zip(layers, shares, seeds, strict=True):
            layer.chance = Chance(share, seed, place)
        try:
            yield
        finally:
            for layer in layers:
                layer.chance = None

    def limit_norms(self, limit: float) -> None:
        """Shrink what each layer adds to this norm at most, all on the device."""
        for layer in self._layers.values():
            layer.limit_norm(limit)

    def state_dict(self) -> dict[str, Tensor]:
        """Kohya's and LyCORIS' names: `<layer>.lora_down.weight` and so on."""
        return {
            f"{name}.{last}": tensor
            for name, layer in self._layers.items()
            for last, tensor in layer.tensors().items()
        }

    def load(self, tensors: Mapping[str, Tensor]) -> tuple[str, ...]:
        """Take over the layers that fit, with their alpha; one without alpha means alpha = rank.

        Gives the names of tensors that no layer took.
        """
        left = []
        for name, found in by_layer(tensors).items():
            layer = self._layers.get(name)
            if layer is None or not layer.take(found):
                left += [f"{name}.{last}" if last else name for last in found]
            else:
                spare = found.keys() - layer.tensors().keys() - {"alpha"}
                left += [f"{name}.{last}" for last in found if last in spare]
        return tuple(left)

    def to(self, device: torch.device) -> None:
        """Move the parameters to `device`."""
        for layer in self._layers.values():
            layer.to(device)

    def detach(self) -> None:
        """Take the layers off the model."""
        for handle in self._handles:
            handle.remove()
        self._handles.clear()


def make_network(
    config: RunConfig,
    targets: Sequence[Target],
    random: torch.Generator | None,
    ranks: Mapping[str, Tensor] | None = None,
) -> Network:
    """The network that a run file asks for; see `plan_network` for `ranks`."""
    planned = plan_network(config, targets, ranks)
    plus: dict[Part, float] = {
        "unet": config.loraplus_unet_lr_ratio or config.loraplus_lr_ratio or 1.0,
        "text_encoder": config.loraplus_text_encoder_lr_ratio or config.loraplus_lr_ratio or 1.0,
    }
    style = _style(config, from_file=ranks is not None)
    return Network(algorithm(config), planned, style, random, plus)


def _style(config: RunConfig, *, from_file: bool) -> Style:
    """sd-scripts leaves the dropouts out when ranks come from a file."""
    share = 0.0 if from_file else 1.0
    return Style(
        dora_wd=config.dora_wd,
        dropout=config.network_dropout * share,
        rank_dropout=config.rank_dropout * share,
        module_dropout=config.module_dropout * share,
        unit=config.unit,
        factor=config.factor,
        decompose_both=config.decompose_both,
        full_matrix=config.full_matrix,
        on_input=preset_of(config) == "ia3",
    )


def _attach(layer: AdapterLayer, target: Target) -> RemovableHandle:
    def act(_module: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> Tensor:
        found: Tensor = layer(inputs[0], output)
        return found

    return target.module.register_forward_hook(act)
