"""The trainer's eye: which bucket a picture trains in, what is cropped on the way, how it scales.

The arithmetic is `trainer.buckets`, so that it equals what a training does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from math import comb

from curator.core.geometry import Size, covering, crop_loss
from trainer.buckets import BucketRule, bucket_resolutions, choose_bucket

_TRIED = 200_000  # sets of buckets; more are searched by exchange
_FEW = 5


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


def bucket_table(sizes: Iterable[Size], rule: BucketRule) -> BucketTable:
    """The buckets that pictures of these sizes train in."""
    counted: Counter[Size] = Counter()
    enlarged: Counter[Size] = Counter()
    lost: Counter[Size] = Counter()
    for size, number in Counter(sizes).items():
        fit = fit_of(size, rule)
        counted[fit.bucket] += number
        enlarged[fit.bucket] += number * (fit.scale > 1)
        lost[fit.bucket] += number * fit.loss  # type: ignore[assignment]
    rows = [
        BucketRow(bucket, number, enlarged[bucket], lost[bucket] / number)
        for bucket, number in sorted(counted.items(), key=lambda one: (-one[1], one[0]))
    ]
    total = counted.total()
    return BucketTable(
        tuple(rows), total, enlarged.total(), sum(lost.values()) / total if total else 0.0
    )


@dataclass(frozen=True, slots=True)
class FewBuckets:
    """A small set of buckets, with the mean share that cropping every picture to one loses."""

    buckets: tuple[Size, ...]
    loss: float


def best_few(sizes: Iterable[Size], rule: BucketRule, most: int = _FEW) -> list[FewBuckets]:
    """For 1 to `most` buckets, those that lose least when each picture goes to its best one.

    Exact where few sets are to be tried; else the best set so far is bettered by exchanging one
    bucket at a time until no exchange helps.
    """
    ratios = Counter(sizes)
    if not ratios:
        return []
    buckets = bucket_resolutions(rule.resolution, rule.min_reso, rule.max_reso, rule.step)
    losses = {
        bucket: [crop_loss(covering(size, bucket), bucket) for size in ratios] for bucket in buckets
    }
    weights = list(ratios.values())
    found: list[FewBuckets] = []
    chosen: tuple[Size, ...] = ()
    for number in range(1, min(most, len(buckets)) + 1):
        chosen = _best(chosen, number, losses, weights)
        found.append(
            FewBuckets(tuple(sorted(chosen)), _lost(chosen, losses, weights) / sum(weights))
        )
    return found


Losses = Mapping[Size, Sequence[float]]


def _lost(chosen: Sequence[Size], losses: Losses, weights: Sequence[int]) -> float:
    columns = zip(*(losses[bucket] for bucket in chosen), strict=True)
    lost = (weight * min(column) for weight, column in zip(weights, columns, strict=True))
    return float(sum(lost))


def _best(
    before: tuple[Size, ...], number: int, losses: Losses, weights: Sequence[int]
) -> tuple[Size, ...]:
    if comb(len(losses), number) * len(weights) <= _TRIED:
        return min(combinations(losses, number), key=lambda c: _lost(c, losses, weights))
    added = [(*before, bucket) for bucket in losses if bucket not in before]
    chosen = min(added, key=lambda c: _lost(c, losses, weights))
    least = _lost(chosen, losses, weights)
    while True:
        exchanged = [
            (*chosen[:place], bucket, *chosen[place + 1 :])
            for place in range(number)
            for bucket in losses
            if bucket not in chosen
        ]
        better = min(exchanged, key=lambda c: _lost(c, losses, weights), default=chosen)
        if (now := _lost(better, losses, weights)) >= least:
            return chosen
        chosen, least = better, now
