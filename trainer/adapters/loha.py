"""LoHa: two products of small matrices, multiplied with each other element by element."""

from __future__ import annotations

import math
from collections.abc import Mapping

import torch
from torch import Tensor, nn

from trainer.adapter_layer import AdapterLayer, Start, shrink_ratio


class LohaLayer(AdapterLayer):
    """dW = (w1_a w1_b) * (w2_a w2_b) alpha / rank, of rank up to rank^2 (FedPara; as in LyCORIS).

    Shapes: w_a (out, rank), w_b (rank, in height width). They begin as Gaussian numbers of
    deviations 0.1, 1 and 1, and w2_a as zeros.
    """

    def make(self, start: Start) -> None:
        outputs, inputs = self.shape[0], math.prod(self.shape[1:])
        self.hada_w1_a = start.normal(0.1, outputs, self.rank)
        self.hada_w1_b = start.normal(1.0, self.rank, inputs)
        self.hada_w2_a = start.zeros(outputs, self.rank)
        self.hada_w2_b = start.normal(1.0, self.rank, inputs)

    def added(self, x: Tensor) -> Tensor:
        return self.masked(self.apply_weight(x, self.delta()))

    def delta(self) -> Tensor:
        left, right = self.hada_w1_a @ self.hada_w1_b, self.hada_w2_a @ self.hada_w2_b
        return left * right * self.scale

    def stored(self) -> dict[str, nn.Parameter]:
        names = ("hada_w1_a", "hada_w1_b", "hada_w2_a", "hada_w2_b")
        return {name: getattr(self, name) for name in names}

    @staticmethod
    def rank_in(tensors: Mapping[str, Tensor]) -> int | None:
        side = tensors.get("hada_w1_b")
        return None if side is None else len(side)

    @torch.no_grad()
    def limit_norm(self, limit: float) -> None:
        """One of the four matrices is shrunk, as LyCORIS writes it."""
        self.hada_w1_a.mul_(shrink_ratio(self.delta().norm(), limit))
