"""LoRA: each targeted layer gets two small matrices whose product is added to what the layer gives.

Own code instead of peft: checkpoints need Kohya's names and an alpha per module, a preview must
apply every network type the same way, and the whole of it is two matrix products.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.hooks import RemovableHandle

from trainer.model import Part, Target


class LoraLayer(nn.Module):
    """out + up(down(x)) * alpha / rank on one frozen layer, linear or convolution 1x1.

    Shapes as in a checkpoint: down (rank, in), up (out, rank), with two more sides of 1 for a
    convolution. Down begins as Kaiming uniform with a = sqrt(5), up as zeros, so that a new
    adapter changes nothing.
    """

    def __init__(self, target: Target, rank: int, alpha: float, seeds: torch.Generator) -> None:
        super().__init__()
        weight = target.module.weight
        sides = (1,) * (weight.dim() - 2)
        bound = 1 / math.sqrt(weight.shape[1])  # what kaiming_uniform with a = sqrt(5) comes to
        down = torch.rand((rank, weight.shape[1], *sides), generator=seeds) * 2 - 1
        self.down = nn.Parameter(down * bound)
        self.up = nn.Parameter(torch.zeros((weight.shape[0], rank, *sides)))
        self.alpha = float(alpha)
        self.project = functional.linear if weight.dim() == 2 else functional.conv2d

    def forward(self, x: Tensor) -> Tensor:
        """What is added to the output of the layer for its input `x`."""
        hidden = self.project(x, self.down.to(x.dtype))
        return self.project(hidden, self.up.to(x.dtype)) * (self.alpha / self.down.shape[0])

    def fits(self, down: Tensor, up: Tensor) -> bool:
        """Whether matrices of a file hold as many numbers as these; some leave out sides of 1."""
        return down.numel() == self.down.numel() and up.numel() == self.up.numel()

    def add_to(self, module: nn.Module) -> RemovableHandle:
        """Act on the layer from now on, until the handle is removed."""
        return module.register_forward_hook(
            lambda _module, inputs, output: output + self(inputs[0]).to(output.dtype)
        )


class Lora:
    """A LoRA on all `targets`, each with `dim` ranks and `alpha`, drawn from `seeds`."""

    def __init__(
        self, targets: Sequence[Target], dim: int, alpha: float, seeds: torch.Generator
    ) -> None:
        self._parts = {target.name: target.part for target in targets}
        self._layers = {target.name: LoraLayer(target, dim, alpha, seeds) for target in targets}
        self._handles = [self._layers[one.name].add_to(one.module) for one in targets]

    def parameters(self, part: Part) -> list[nn.Parameter]:
        """Down and up of every layer of one part of the model."""
        return [
            matrix
            for name, layer in self._layers.items()
            if self._parts[name] == part
            for matrix in (layer.down, layer.up)
        ]

    def state_dict(self) -> dict[str, Tensor]:
        """Kohya's names: `<module>.lora_down.weight`, `.lora_up.weight` and `.alpha`."""
        tensors = {}
        for name, layer in self._layers.items():
            tensors[f"{name}.lora_down.weight"] = layer.down.detach()
            tensors[f"{name}.lora_up.weight"] = layer.up.detach()
            tensors[f"{name}.alpha"] = torch.tensor(layer.alpha)
        return tensors

    def load(self, tensors: Mapping[str, Tensor]) -> tuple[str, ...]:
        """Take over the layers that fit, with their alpha; a file without alpha means alpha = rank.

        Gives the names of tensors that no layer took.
        """
        taken = set()
        for name, layer in self._layers.items():
            down, up = (
                tensors.get(f"{name}.lora_down.weight"),
                tensors.get(f"{name}.lora_up.weight"),
            )
            if down is None or up is None or not layer.fits(down, up):
                continue
            with torch.no_grad():
                layer.down.copy_(down.reshape(layer.down.shape))
                layer.up.copy_(up.reshape(layer.up.shape))
            alpha = tensors.get(f"{name}.alpha")
            layer.alpha = float(layer.down.shape[0] if alpha is None else alpha)
            taken |= {f"{name}.{part}" for part in ("lora_down.weight", "lora_up.weight", "alpha")}
        return tuple(name for name in tensors if name not in taken)

    def to(self, device: torch.device) -> None:
        """Move the parameters to `device`."""
        for layer in self._layers.values():
            layer.to(device)

    def detach(self) -> None:
        """Take the layers off the model."""
        for handle in self._handles:
            handle.remove()
        self._handles.clear()
