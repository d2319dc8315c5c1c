"""LoKr: a small matrix times a larger one, in the Kronecker product."""

from __future__ import annotations

import math
from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional

from trainer.adapter_layer import AdapterLayer, Start, shrink_ratio


class LokrLayer(AdapterLayer):
    """dW = w1 (x) w2 alpha / rank, with w2 = w2_a w2_b where that is smaller (as in LyCORIS).

    W is cut into a grid: out = a b and in = c d, as `split` says. Shapes: w1 (a, c), w2 (b, d) or
    (b, d, height, width), w2_a (b, rank), w2_b (rank, d height width); with `decompose_both` also
    w1_a (a, rank), w1_b (rank, c). When both are whole, there is no rank, and the scale is 1.
    """

    def make(self, start: Start) -> None:
        outputs, inputs, *kernel = self.shape
        rank, style = self.rank, self.style
        (a, b), (c, d) = split(outputs, style.factor), split(inputs, style.factor)
        may_be_cut = not style.full_matrix
        area = kernel[0] * kernel[1] if kernel else 1
        self._first, self._second = (a, c), (b, d, *kernel)
        self._cuts_first = may_be_cut and style.decompose_both and rank < max(a, c) / 2
        self._cuts_second = may_be_cut and rank < max(b, d) / 2
        if self._cuts_first:
            self.lokr_w1_a, self.lokr_w1_b = start.uniform(a, rank), start.uniform(rank, c)
        else:
            self.lokr_w1 = start.uniform(a, c)
        if self._cuts_second:
            self.lokr_w2_a, self.lokr_w2_b = start.uniform(b, rank), start.zeros(rank, d * area)
        else:
            self.lokr_w2 = start.zeros(b, d, *kernel)

    @property
    def scale(self) -> float:
        whole = not self._cuts_first and not self._cuts_second
        return 1.0 if whole else super().scale

    def constants(self) -> dict[str, Tensor]:
        return {"alpha": torch.tensor(self.scale * self.rank)}

    def added(self, x: Tensor) -> Tensor:
        """(w1 (x) w2) x, the product unbuilt: w2 on every part of x, then w1 across the parts."""
        (outer, parts), (first, second) = self._first, self.factors()
        first, second = first.to(x.dtype), second.to(x.dtype)
        if isinstance(self._frozen[0], nn.Linear):
            inner = functional.linear(x.reshape(*x.shape[:-1], parts, -1), second.flatten(1))
            return self.masked((first @ inner).flatten(-2) * self.scale)
        inner = self.apply_weight(x.reshape(len(x) * parts, -1, *x.shape[2:]), second)
        across = first @ inner.reshape(len(x), parts, -1)
        shape = (len(x), outer * inner.shape[1], *inner.shape[2:])
        return self.masked(across.reshape(shape) * self.scale)

    def delta(self) -> Tensor:
        first, second = self.factors()
        sides = [1] * (second.dim() - 2)
        return torch.kron(first.view(*first.shape, *sides), second).flatten(1) * self.scale

    def factors(self) -> tuple[Tensor, Tensor]:
        """w1 and w2, whole."""
        first = self.lokr_w1_a @ self.lokr_w1_b if self._cuts_first else self.lokr_w1
        if self._cuts_second:
            return first, (self.lokr_w2_a @ self.lokr_w2_b).view(self._second)
        return first, self.lokr_w2

    def stored(self) -> dict[str, nn.Parameter]:
        return {name: one for name, one in self.named_parameters() if name.startswith("lokr_")}

    @staticmethod
    def rank_in(tensors: Mapping[str, Tensor]) -> int | None:
        for name, side in (("lokr_w2_a", 1), ("lokr_w1_a", 1)):
            if name in tensors:
                return int(tensors[name].shape[side])
        whole = "lokr_w1" in tensors and "lokr_w2" in tensors
        return max(tensors["lokr_w2"].shape[:2]) if whole else None

    @torch.no_grad()
    def limit_norm(self, limit: float) -> None:
        """|w1 (x) w2| = |w1| |w2|; every matrix takes an equal share of the shrinking."""
        first, second = self.factors()
        ratio = shrink_ratio(first.norm() * second.norm() * abs(self.scale), limit)
        matrices = self.stored().values()
        for one in matrices:
            one.mul_(ratio ** (1 / len(matrices)))


def split(size: int, factor: int) -> tuple[int, int]:
    """Two numbers whose product is `size`, the first at most the second (LyCORIS' rule).

    A factor that divides the size is one of them; else the first is the largest divisor of the size
    that is at most `factor` (with -1: of any size) and brings the two closest together.
    """
    if factor > 0 and size % factor == 0:
        return min(factor, size // factor), max(factor, size // factor)
    limit = size if factor < 0 else factor
    small, large = 1, size
    for divisor in range(2, min(limit, math.isqrt(size)) + 1):
        if size % divisor == 0:
            small, large = divisor, size // divisor
    return small, large
