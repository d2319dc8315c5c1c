"""Fewer ranks for the same change: singular values of products and of whole matrices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from trainer.errors import TrainerError
from trainer.lora_files.layers import FACTORED, TITLES, Parts, Plain, kind_of, plain
from trainer.lora_files.names import kernel
from trainer.lora_files.reading import LoraFile
from trainer.noise import generator

_SPARE, _TURNS = 16, 6  # directions beside those wanted, and iterations, of the search for them
_LARGE = 4  # a search pays off where that many times the directions are fewer than all


@dataclass(frozen=True, slots=True)
class Limit:
    """How much of a layer is kept: at most `rank`, and no more than holds `keep` of its energy.

    Energy is the sum of the squared singular values, that is the squared Frobenius norm.
    """

    rank: int | None = None
    keep: float | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """Sums of squares over the layers: of what there was, and of what was kept."""

    before: float = 0.0
    after: float = 0.0

    def __add__(self, other: Kept) -> Kept:
        return Kept(self.before + other.before, self.after + other.after)

    @property
    def share(self) -> float:
        """From 0 to 1; 1 where there was nothing to keep."""
        return min(1.0, self.after / self.before) if self.before else 1.0


def resize(file: LoraFile, limit: Limit) -> tuple[dict[str, Parts], Kept]:
    """All layers within the limit, as plain LoRA. Raises TrainerError for other types.

    LoHa and LoKr are taken too, since they are two matrices exactly; the best matrices of a rank
    are those of the largest singular values (Eckart and Young, 1936).
    """
    layers, kept = {}, Kept()
    for name, parts in file.layers.items():
        if kind_of(parts) not in FACTORED or "dora_scale" in parts:
            raise TrainerError(
                f"The layer {name} is of the type {title(parts)}, which has no ranks.",
                "Convert the file to plain LoRA first.",
            )
        found, share = shrunk(plain(parts, kernel(name, file.family)), limit)
        layers[name], kept = found.parts(), kept + share
    return layers, kept


def title(parts: Parts) -> str:
    """The type of a layer as people know it."""
    return "DoRA" if "dora_scale" in parts else TITLES[kind_of(parts)]


def shrunk(layer: Plain, limit: Limit) -> tuple[Plain, Kept]:
    """The closest layer within the limit, without ever computing the whole product.

    With up = Q1 R1 and down^T = Q2 R2, the singular values of up @ down are those of the small
    R1 R2^T, its vectors Q1 U and V Q2^T. Singular values are shared evenly by both matrices, so
    that neither runs out of the range of float16.
    """
    left, first = torch.linalg.qr(layer.up)
    right, second = torch.linalg.qr(layer.down.T)
    u, values, v = _svd(first @ second.T)
    rank = kept_rank(values, limit)
    energy = values.double().square()
    kept = Kept(float(energy.sum()), float(energy[:rank].sum()))
    halves = values[:rank].sqrt()
    return Plain(
        left @ u[:, :rank] * halves, halves[:, None] * (v[:rank] @ right.T), layer.kernel
    ), kept


def approximate(matrix: Tensor, limit: Limit, sides: tuple[int, ...] = ()) -> tuple[Plain, Kept]:
    """The closest layer within the limit to a whole change, (out, in * kernel).

    With a rank far below the size the singular vectors are searched for by subspace iteration
    from a fixed seed (Halko, Martinsson and Tropp, 2011, algorithms 4.4 and 5.1): exact for a
    matrix of no higher rank, else within a small part of what is cut off anyhow. Otherwise they
    are all computed.
    """
    before = float(matrix.double().square().sum())
    wanted = (limit.rank or 0) + _SPARE
    if limit.rank and limit.keep is None and wanted * _LARGE < min(matrix.shape):
        basis = _subspace(matrix, wanted)
        found, kept = shrunk(Plain(basis, basis.T @ matrix, sides), limit)
        return found, Kept(before, kept.after)
    u, values, v = _svd(matrix)
    rank = kept_rank(values, limit)
    halves = values[:rank].sqrt()
    after = float(values[:rank].double().square().sum())
    return Plain(u[:, :rank] * halves, halves[:, None] * v[:rank], sides), Kept(before, after)


def kept_rank(values: Tensor, limit: Limit) -> int:
    """How many of the descending singular values are kept: at least one.

    The smallest k with sum of the first k squares >= keep * sum of all, and not over the rank.
    """
    count = len(values)
    if limit.keep is not None:
        energy = values.double().square().cumsum(0)
        enough = energy >= limit.keep * energy[-1] * (1 - 1e-12)
        count = int(enough.int().argmax()) + 1
    return max(1, min(count, limit.rank or count))


def ranks(layers: Mapping[str, Parts]) -> tuple[int, int]:
    """The lowest and the highest rank of plain layers, (0, 0) without any."""
    found = [int(parts["lora_down"].shape[0]) for parts in layers.values() if "lora_down" in parts]
    return (min(found), max(found)) if found else (0, 0)


def _svd(matrix: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    try:
        u, values, v = torch.linalg.svd(matrix, full_matrices=False)
    except RuntimeError as error:  # torch.linalg.LinAlgError, which has no types
        raise TrainerError(
            "A layer holds numbers so large that nothing can be computed with them.",
            "The LoRA is broken; use an earlier checkpoint of it.",
        ) from error
    return u, values, v


def _subspace(matrix: Tensor, count: int) -> Tensor:
    """Orthonormal columns that span about the `count` strongest directions of the rows."""
    drawn = torch.randn(matrix.shape[1], count, generator=generator("subspace"))
    basis: Tensor = torch.linalg.qr(matrix @ drawn)[0]
    for _ in range(_TURNS):
        across, _ = torch.linalg.qr(matrix.T @ basis)
        basis, _ = torch.linalg.qr(matrix @ across)
    return basis
