"""What every kind of adapter has in common: a small trained module on one frozen layer."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from trainer.model import Target
from trainer.order import Place


@dataclass(frozen=True, slots=True)
class Style:
    """What all layers of a network share; the names are those of sd-scripts' network_args.

    `dropout`, `rank_dropout` and `module_dropout` are chances from 0 to below 1. The options of
    one kind of network do nothing in the others.
    """

    dora_wd: bool = False
    dropout: float = 0.0
    rank_dropout: float = 0.0
    module_dropout: float = 0.0
    unit: int = 1
    factor: int = -1
    decompose_both: bool = False
    full_matrix: bool = False
    on_input: bool = False


@dataclass(frozen=True, slots=True)
class Chance:
    """The chance of one layer during one batch: a number from 0 to 1, and a seed for masks.

    Masks are drawn anew from the seed whenever they are needed, so that a layer which gradient
    checkpointing computes twice drops the same numbers both times. `place` says which pictures of
    the batch are computed here, where they are not all.
    """

    share: float
    seed: int
    place: Place | None = None

    def rows(self, shape: tuple[int, ...], dropped: float, like: Tensor, *, of: int) -> Tensor:
        """A mask whose first side is that of the pictures, with the same for each of them in
        however many processes the batch is computed."""
        if self.place is None:
            return self.mask(shape, dropped, like, of=of)
        each = shape[0] // self.place.count  # a text may be several rows
        mask = self.mask((self.place.whole * each, *shape[1:]), dropped, like, of=of)
        return mask[self.place.first * each :][: shape[0]]

    def mask(self, shape: tuple[int, ...], dropped: float, like: Tensor, *, of: int) -> Tensor:
        """Ones, and zeros with the chance `dropped`; `of` tells the masks of a layer apart."""
        random = torch.Generator(like.device).manual_seed(self.seed + of)
        drawn = torch.rand(shape, generator=random, device=like.device)
        return (drawn >= dropped).to(like.dtype)


class Start:
    """The numbers that new parameters begin with.

    Without a generator they are on the meta device: names and shapes without any memory.
    """

    def __init__(self, random: torch.Generator | None) -> None:
        self._random = random

    def uniform(self, *shape: int) -> nn.Parameter:
        """Kaiming uniform with a = sqrt(5): within 1 / sqrt(fan in), that of all sides but one."""
        bound = 1 / math.sqrt(math.prod(shape[1:]))
        return self._draw(torch.rand, shape, lambda drawn: (drawn * 2 - 1) * bound)

    def normal(self, deviation: float, *shape: int) -> nn.Parameter:
        """Gaussian numbers around 0."""
        return self._draw(torch.randn, shape, lambda drawn: drawn * deviation)

    def zeros(self, *shape: int) -> nn.Parameter:
        """Zeros; what multiplies them is why a new network changes nothing."""
        return nn.Parameter(torch.zeros(shape, device=None if self._random else "meta"))

    def _draw(
        self,
        draw: Callable[..., Tensor],
        shape: tuple[int, ...],
        fit: Callable[[Tensor], Tensor],
    ) -> nn.Parameter:
        if self._random is None:
            return nn.Parameter(torch.empty(shape, device="meta"))
        return nn.Parameter(fit(draw(shape, generator=self._random)))


class AdapterLayer(nn.Module, ABC):
    """Changes what one frozen layer W gives for x: out + (dW) x, with dW of few parameters.

    With `dora_wd` (DoRA, Liu et al. 2024; as in LyCORIS, norms of rows, gradient through the norm):
    W' = m (W + dW) / |W + dW|, with one trained length m per output, which begins as |W|.

    `shape` is that of W in files: (out, in) or (out, in, height, width). `chance` is set during a
    batch of training and None otherwise, when nothing is dropped.
    """

    chance: Chance | None = None

    def __init__(self, target: Target, rank: int, alpha: float, style: Style, start: Start) -> None:
        super().__init__()
        self.name, self.part = target.name, target.part
        self.rank, self.alpha, self.style = rank, float(alpha), style
        self._frozen = (target.module,)  # in a tuple, since it is no part of this module
        sides = (1, 1) if target.written_as_conv else ()
        self.shape = (*target.module.weight.shape, *sides)
        self.dora_scale: nn.Parameter | None = None
        if style.dora_wd:
            lengths = self.weight.detach().float().flatten(1).norm(dim=1)
            self.dora_scale = nn.Parameter(lengths.view(-1, *[1] * (len(self.shape) - 1)))
        self.make(start)

    @property
    def weight(self) -> Tensor:
        """The frozen weight W."""
        return self._frozen[0].weight

    @property
    def scale(self) -> float:
        """What the product of the matrices is multiplied by: alpha / rank."""
        return self.alpha / self.rank

    def forward(self, x: Tensor, output: Tensor) -> Tensor:
        """What the layer gives for `x` instead of `output`."""
        if self.chance is not None and self.chance.share < self.style.module_dropout:
            return output
        if self.dora_scale is None:
            return output + self.added(x).to(output.dtype)
        return self._decomposed(x, output, self.dora_scale)

    @abstractmethod
    def make(self, start: Start) -> None:
        """Create the parameters, with which the layer changes nothing yet."""

    @abstractmethod
    def added(self, x: Tensor) -> Tensor:
        """dW x."""

    @abstractmethod
    def delta(self) -> Tensor:
        """dW as a matrix of (out, everything else), with its scale."""

    @abstractmethod
    def stored(self) -> dict[str, nn.Parameter]:
        """The parameters by the last part of their names in files, dora_scale aside."""

    @abstractmethod
    def limit_norm(self, limit: float) -> None:
        """Shrink dW where its norm is above `limit`, without asking the device for the norm."""

    @staticmethod
    @abstractmethod
    def rank_in(tensors: Mapping[str, Tensor]) -> int | None:
        """The rank of a layer in a file, of tensors by the last part of their names; None if it is
        of another kind."""

    def tensors(self) -> dict[str, Tensor]:
        """What a file holds of this layer, by the last part of the names."""
        found = {name: one.detach() for name, one in self.stored().items()}
        if self.dora_scale is not None:
            found["dora_scale"] = self.dora_scale.detach()
        return found | self.constants()

    def constants(self) -> dict[str, Tensor]:
        """What a file holds besides the parameters."""
        return {"alpha": torch.tensor(self.alpha)}

    def take(self, tensors: Mapping[str, Tensor]) -> bool:
        """Take over a layer of a file, if all of it fits; its alpha too, which is the rank when it
        has none. Some programs leave out sides of 1."""
        mine = self.tensors()
        numbers = set(mine) - {"alpha"}
        if any(one not in tensors or tensors[one].numel() != mine[one].numel() for one in numbers):
            return False
        with torch.no_grad():
            for name in numbers - set(self.constants()):
                mine[name].copy_(tensors[name].reshape(mine[name].shape))
        self.alpha = float(tensors.get("alpha", self.rank))
        return True

    def matrices(self) -> list[nn.Parameter]:
        """All parameters that are trained at the usual rate."""
        ups = {id(one) for one in self.ups()}
        return [one for one in self.parameters() if id(one) not in ups]

    def ups(self) -> list[nn.Parameter]:
        """The parameters that LoRA+ trains faster."""
        return []

    def apply_weight(self, x: Tensor, weight: Tensor) -> Tensor:
        """`weight` in place of W, without a bias."""
        layer = self._frozen[0]
        if isinstance(layer, nn.Linear):
            return functional.linear(x, weight.flatten(1).to(x.dtype))
        return functional.conv2d(
            x,
            weight.view(weight.shape[0], -1, *layer.kernel_size).to(x.dtype),
            stride=layer.stride,
            padding=cast("tuple[int, ...]", layer.padding),
            dilation=layer.dilation,
        )

    def squared_norms(self) -> Tensor:
        """|W + dW|^2 of every output, (out,), with its gradient."""
        rows = self.row_mask(self.weight)
        delta = self.delta() if rows is None else self.delta() * rows[:, None]
        return (self.weight.detach().flatten(1) + delta).square().sum(1)

    def row_mask(self, like: Tensor) -> Tensor | None:
        """Rank dropout as LyCORIS has it where dW is built: whole outputs of it are left out."""
        if self.chance is None or not self.style.rank_dropout:
            return None
        return self.chance.mask((self.shape[0],), self.style.rank_dropout, like, of=1)

    def masked(self, added: Tensor) -> Tensor:
        """`added` without the outputs that are dropped."""
        rows = self.row_mask(added)
        return added if rows is None else added * self._along_outputs(rows, added)

    def _decomposed(self, x: Tensor, output: Tensor, lengths: Tensor) -> Tensor:
        added = self.added(x)
        with torch.autocast(x.device.type, enabled=False):
            norms = self.squared_norms().float().sqrt() + torch.finfo(torch.float32).eps
            ratio = self._along_outputs(lengths.flatten() / norms, output)
            bias = self._frozen[0].bias
            plain = output if bias is None else output - self._along_outputs(bias, output)
            return (output + (ratio - 1) * plain + ratio * added).to(output.dtype)

    def _along_outputs(self, values: Tensor, like: Tensor) -> Tensor:
        """One value per output, ready to meet what the layer gives."""
        return values if isinstance(self._frozen[0], nn.Linear) else values.view(1, -1, 1, 1)


def shrink_ratio(norm: Tensor, limit: float) -> Tensor:
    """What a matrix of this norm is multiplied by so that it has at most `limit`.

    sd-scripts: n = max(norm, limit / 2), ratio = min(n, limit) / n.
    """
    norm = norm.clamp(min=limit / 2)
    return norm.clamp(max=limit) / norm
