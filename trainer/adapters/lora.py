"""LoRA and LoCon: two small matrices whose product is added; DyLoRA: a few ranks at a time."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from trainer.adapter_layer import AdapterLayer, Start, shrink_ratio


class LoraLayer(AdapterLayer):
    """dW = up down alpha / rank, for a linear layer or a convolution of any size (Hu et al. 2021).

    Shapes: down (rank, in) or (rank, in, height, width), up (out, rank) or (out, rank, 1, 1). Down
    begins as Kaiming uniform, up as zeros.

    Dropout as in sd-scripts: `dropout` drops rank activations, which the rest makes up for;
    `rank_dropout` drops whole ranks of a picture, likewise. With DoRA, whose lengths need one dW
    for all pictures, `rank_dropout` drops outputs instead, and there is no `dropout`.
    """

    _squares: Tensor | None = None  # |w|^2 of the rows of W, once they were needed

    def make(self, start: Start) -> None:
        outputs, inputs, *kernel = self.shape
        self.down = start.uniform(self.rank, inputs, *kernel)
        self.up = start.zeros(outputs, self.rank, *[1] * len(kernel))

    def pair(self) -> tuple[Tensor, Tensor]:
        """Down and up."""
        return self.down, self.up

    def added(self, x: Tensor) -> Tensor:
        down, up = self.pair()
        hidden = self.apply_weight(x, down)
        scale = self.scale
        if self.chance is not None:
            hidden, scale = self._dropped(hidden, scale)
        return self.masked(self._rise(hidden, up) * scale)

    def delta(self) -> Tensor:
        down, up = self.pair()
        return up.flatten(1) @ down.flatten(1) * self.scale

    def stored(self) -> dict[str, nn.Parameter]:
        return {"lora_up.weight": self.up, "lora_down.weight": self.down}

    def ups(self) -> list[nn.Parameter]:
        return [self.up]

    @staticmethod
    def rank_in(tensors: Mapping[str, Tensor]) -> int | None:
        down = tensors.get("lora_down.weight")
        return None if down is None else len(down)

    @torch.no_grad()
    def limit_norm(self, limit: float) -> None:
        """|up down|^2 = sum of (up^T up) (down down^T), element by element: small matrices only."""
        down, up = (one.flatten(1) for one in self.pair())
        norm = ((up.T @ up) * (down @ down.T)).sum().clamp(min=0).sqrt() * abs(self.scale)
        root = shrink_ratio(norm, limit).sqrt()
        for one in self.stored().values():
            one.mul_(root)

    def squared_norms(self) -> Tensor:
        """|w + s b A|^2 = |w|^2 + 2 s (w A^T) b + s^2 (b A A^T) b of every row: dW is not built."""
        down, up = (one.flatten(1) for one in self.pair())
        weight = self.weight.detach().flatten(1)
        if self._squares is None or self._squares.device != weight.device:
            self._squares = weight.float().square().sum(1)
        rows = self.row_mask(up)
        up = up if rows is None else up * rows[:, None]
        crossed = ((weight @ down.to(weight.dtype).T) * up).sum(1)
        own = (up @ (down @ down.T) * up).sum(1)
        return (self._squares + 2 * self.scale * crossed + self.scale**2 * own).clamp(min=0)

    def row_mask(self, like: Tensor) -> Tensor | None:
        return super().row_mask(like) if self.style.dora_wd else None

    def _dropped(self, hidden: Tensor, scale: float) -> tuple[Tensor, float]:
        chance, style = self.chance, self.style
        if chance is None or style.dora_wd:
            return hidden, scale
        if style.dropout:
            mask = chance.rows(tuple(hidden.shape), style.dropout, hidden, of=0)
            hidden = hidden * mask / (1 - style.dropout)
        if style.rank_dropout:
            ranks = 1 if isinstance(self._frozen[0], nn.Conv2d) else -1
            shape = [len(hidden), *[1] * (hidden.dim() - 1)]
            shape[ranks] = hidden.shape[ranks]
            hidden = hidden * chance.rows(tuple(shape), style.rank_dropout, hidden, of=1)
            scale = scale / (1 - style.rank_dropout)
        return hidden, scale

    def _rise(self, hidden: Tensor, up: Tensor) -> Tensor:
        if isinstance(self._frozen[0], nn.Linear):
            return functional.linear(hidden, up.flatten(1).to(hidden.dtype))
        return functional.conv2d(hidden, up.to(hidden.dtype))


class DyloraLayer(LoraLayer):
    """A LoRA whose first ranks are of use alone (Valipour et al. 2022, as sd-scripts trains it).

    During a batch of training `unit` ranks learn, which chance chooses; the others stand still, and
    the product is multiplied by sqrt(rank / r), with r the ranks up to the end of those. Otherwise
    it is a plain LoRA, which is also what its files are.
    """

    def make(self, start: Start) -> None:
        outputs, inputs, *kernel = self.shape
        unit = self.style.unit
        count, sides = self.rank // unit, [1] * len(kernel)
        downs = [start.uniform(unit, inputs, *kernel) for _ in range(count)]
        ups = [start.zeros(outputs, unit, *sides) for _ in range(count)]
        self.downs, self.ups_by_unit = nn.ParameterList(downs), nn.ParameterList(ups)

    def pair(self) -> tuple[Tensor, Tensor]:
        chosen = self._chosen()
        return _joined(list(self.downs), 0, chosen), _joined(list(self.ups_by_unit), 1, chosen)

    def added(self, x: Tensor) -> Tensor:
        chosen = self._chosen()
        added = super().added(x)
        if chosen is None:
            return added
        return added * math.sqrt(self.rank / ((chosen + 1) * self.style.unit))

    def stored(self) -> dict[str, nn.Parameter]:
        return dict(self.named_parameters())

    def ups(self) -> list[nn.Parameter]:
        return list(self.ups_by_unit)

    def tensors(self) -> dict[str, Tensor]:
        down, up = (
            torch.cat([one.detach() for one in self.downs]),
            torch.cat([one.detach() for one in self.ups_by_unit], 1),
        )
        return {"lora_up.weight": up, "lora_down.weight": down, **self.constants()}

    @torch.no_grad()
    def take(self, tensors: Mapping[str, Tensor]) -> bool:
        down, up = tensors.get("lora_down.weight"), tensors.get("lora_up.weight")
        mine = self.tensors()
        if down is None or up is None or down.numel() != mine["lora_down.weight"].numel():
            return False
        if up.numel() != mine["lora_up.weight"].numel():
            return False
        unit = self.style.unit
        downs = torch.split(down.reshape(mine["lora_down.weight"].shape), unit)
        ups = torch.split(up.reshape(mine["lora_up.weight"].shape), unit, 1)
        for one, found in zip((*self.downs, *self.ups_by_unit), (*downs, *ups), strict=True):
            one.copy_(found)
        self.alpha = float(tensors.get("alpha", self.rank))
        return True

    def _chosen(self) -> int | None:
        return None if self.chance is None else self.chance.seed % len(self.downs)


def _joined(parts: Sequence[Tensor], side: int, chosen: int | None) -> Tensor:
    """The parts as one matrix, of which only the chosen one learns; None stands for all."""
    kept = [one if chosen in (None, number) else one.detach() for number, one in enumerate(parts)]
    return torch.cat(kept, side)
