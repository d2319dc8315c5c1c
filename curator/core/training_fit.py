"""The trainer's eye: which bucket a picture trains in, what is cropped on the way, how it scales.

The arithmetic is `trainer.buckets`, so that it equals what a training does.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from curator.core.geometry import Size, crop_loss
from trainer.buckets import BucketRule, choose_bucket

Sizes = Mapping[Size, int]  # how many pictures have each size


@dataclass(frozen=True, slots=True)
class Fit:
    """How a picture trains. `scale`: above 1 it is enlarged. `loss`: share of area cropped away.

    `lost`: pixels of the picture itself that are cut off left, top, right and bottom.
    """

    bucket: Size
    scale: float
    loss: float
    lost: tuple[int, int, int, int]


@lru_cache(maxsize=65_536)
def fit_of(size: Size, rule: BucketRule) -> Fit:
    """How a picture of this size (width, height) trains."""
    placement = choose_bucket(size, rule)
    resized, crop = placement.resized, placement.crop
    scale = max(resized[0] / size[0], resized[1] / size[1])
    cut = crop[0], crop[1], resized[0] - crop[2], resized[1] - crop[3]
    lost = tuple(round(pixels / scale) for pixels in cut)
    return Fit(
        placement.bucket,
        scale,
        crop_loss(resized, placement.bucket),
        (lost[0], lost[1], lost[2], lost[3]),
    )


@dataclass(frozen=True, slots=True)
class BucketRow:
    """The pictures of a bucket; `loss`: the mean share of their area that is cropped away."""

    bucket: Size
    pictures: int
    enlarged: int
    loss: float


@dataclass(frozen=True, slots=True)
class BucketTable:
    """All pictures by bucket, the fullest first; `loss`: the mean share of area cropped away."""

    rows: tuple[BucketRow, ...]
    pictures: int
    enlarged: int
    loss: float


def bucket_table(sizes: Sizes, rule: BucketRule) -> BucketTable:
    """The buckets that pictures of these sizes train in."""
    return table_of(sizes, lambda size: fit_of(size, rule))


def table_of(sizes: Sizes, fit: Callable[[Size], Fit]) -> BucketTable:
    """Pictures of these sizes counted by the buckets that they fit into."""
    counted: Counter[Size] = Counter()
    enlarged: Counter[Size] = Counter()
    lost: defaultdict[Size, float] = defaultdict(float)
    for size, number in sizes.items():
        one = fit(size)
        counted[one.bucket] += number
        enlarged[one.bucket] += number * (one.scale > 1)
        lost[one.bucket] += number * one.loss
    rows = [
        BucketRow(bucket, number, enlarged[bucket], lost[bucket] / number)
        for bucket, number in sorted(counted.items(), key=lambda one: (-one[1], one[0]))
    ]
    total = counted.total()
    return BucketTable(
        tuple(rows), total, enlarged.total(), sum(lost.values()) / total if total else 0.0
    )
