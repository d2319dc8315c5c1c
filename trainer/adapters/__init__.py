"""The table of network types: one class per type, for one layer each; `trainer.network` joins them.

All are our own, and small: each is a few lines of algebra over the frozen layer, and is tested
against the library that sets its standard (output, gradient, names and shapes of the file):

- lora, LoCon among it: as sd-scripts trains them. peft is as exact and no faster, but its names
  need mapping and it has no alpha per layer; Kohya's dropouts differ from peft's.
- dora_wd: LyCORIS' formula, whose gradient goes through the norm (peft's takes the norm for
  constant). LyCORIS and peft build W + dW on every step; here its row norms come from the small
  matrices.
- dylora: as sd-scripts trains it. LyCORIS scales it by alpha / blocks, so that the file, a plain
  LoRA with alpha / rank, is another network than the trained one, and writes it 2-D.
- loha, lokr: LyCORIS' formulas and files. LyCORIS adds dW to W and takes W off again, which costs
  a copy of the model and digits in half precision; here dW alone is applied, for lokr unbuilt.
- ia3: LyCORIS' formula and files. LyCORIS itself cannot make a layer from such a file.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import nn

from trainer.adapter_layer import AdapterLayer
from trainer.adapters import ia3, loha, lokr, lora
from trainer.model import Part
from trainer.order import Place

KINDS: Mapping[str, type[AdapterLayer]] = {
    "lora": lora.LoraLayer,
    "dylora": lora.DyloraLayer,
    "loha": loha.LohaLayer,
    "lokr": lokr.LokrLayer,
    "ia3": ia3.Ia3Layer,
}


@dataclass(frozen=True, slots=True)
class Group:
    """Parameters that learn at the same rate: `factor` times that of their part of the model."""

    factor: float
    parameters: list[nn.Parameter]


class Adapter(Protocol):
    """A network on top of a frozen model: it acts from its creation on, until `detach`."""

    def parameters(self, part: Part) -> list[Group]:
        """What is trained of one part of the model; float32."""

    def learning(self, *key: object, place: Place | None = None) -> AbstractContextManager[None]:
        """Dropouts and the like are at work inside, and depend on `key` alone.

        Forward and backward of one batch belong inside; outside the network is whole.
        """

    def limit_norms(self, limit: float) -> None:
        """Shrink what each layer adds to this norm at most (scale_weight_norms)."""

    def state_dict(self) -> dict[str, torch.Tensor]:
        """All tensors by their names in a checkpoint, constants such as alpha among them."""

    def load(self, tensors: Mapping[str, torch.Tensor]) -> tuple[str, ...]:
        """Take the tensors that fit by name and shape; gives the names of those left over."""

    def to(self, device: torch.device) -> None:
        """Move the parameters."""

    def detach(self) -> None:
        """Leave the model as it was."""
