"""IA3: one factor for every output, or every input, of a layer."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from trainer.adapter_layer import AdapterLayer, Start

_ON_INPUT = ("_ff_net_2", "_mlp_fc2")  # the second halves of feed-forward pairs


class Ia3Layer(AdapterLayer):
    """dW = W w, with w of every output, or of every input (Liu et al. 2022, as in LyCORIS).

    The bias is left as it is. There is neither a rank nor an alpha; w begins as zeros.
    """

    def make(self, start: Start) -> None:
        self.on_input = self.style.on_input and self.name.endswith(_ON_INPUT)
        count = self.shape[1 if self.on_input else 0]
        sides = [1] * (len(self.shape) - 2)
        self.scales = start.zeros(1, count, *sides) if sides else start.zeros(count)

    def added(self, x: Tensor) -> Tensor:
        return self.apply_weight(x, self.delta())

    def forward(self, x: Tensor, output: Tensor) -> Tensor:
        """Without building dW: x w through W, or w times what W gives."""
        if self.chance is not None and self.chance.share < self.style.module_dropout:
            return output
        if self.on_input:
            return output + self.apply_weight(x * self._along(x).to(x.dtype), self.weight)
        layer = self._frozen[0]
        plain = output if layer.bias is None else output - self._along_outputs(layer.bias, output)
        return output + plain * self._along(output).to(output.dtype)

    def delta(self) -> Tensor:
        weight, scales = self.weight.detach(), self.scales.flatten()
        sides = [1] * (weight.dim() - 2)
        along = scales.view(1, -1, *sides) if self.on_input else scales.view(-1, 1, *sides)
        return (weight * along).flatten(1)

    def stored(self) -> dict[str, nn.Parameter]:
        return {"weight": self.scales}

    def constants(self) -> dict[str, Tensor]:
        return {"on_input": torch.tensor(int(self.on_input))}

    def take(self, tensors: Mapping[str, Tensor]) -> bool:
        side = tensors.get("on_input", torch.tensor(-1))
        return side.numel() == 1 and int(side) == self.on_input and super().take(tensors)

    @staticmethod
    def rank_in(tensors: Mapping[str, Tensor]) -> int | None:
        return 1 if "on_input" in tensors else None

    def limit_norm(self, limit: float) -> None:
        """Nothing is limited, as in LyCORIS."""

    def _along(self, like: Tensor) -> Tensor:
        return self._along_outputs(self.scales.flatten(), like)
