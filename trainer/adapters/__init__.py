"""The table of network types; a type is one file beside this and one row here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import torch
from torch import nn

from trainer.adapters import lora
from trainer.model import Part, Target


class Adapter(Protocol):
    """A network on top of a frozen model: it acts from its creation on, until `detach`."""

    def parameters(self, part: Part) -> list[nn.Parameter]:
        """What is trained of one part of the model; float32."""

    def state_dict(self) -> dict[str, torch.Tensor]:
        """All tensors by their names in a checkpoint, constants such as alpha among them."""

    def load(self, tensors: Mapping[str, torch.Tensor]) -> tuple[str, ...]:
        """Take the tensors that fit by name and shape; gives the names of those left over."""

    def to(self, device: torch.device) -> None:
        """Move the parameters."""

    def detach(self) -> None:
        """Leave the model as it was."""


ADAPTERS: Mapping[str, Callable[[Sequence[Target], int, float, torch.Generator], Adapter]] = {
    "networks.lora": lora.Lora,
}
