"""Aspect-ratio buckets: which size a picture trains at, and what is cropped away on the way there.

The arithmetic is sd-scripts' (make_bucket_resolutions, BucketManager.select_bucket), so that a
dataset trains at the same sizes there and here.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache

from trainer.data_options import LEAST_CROP, SD_SCRIPTS, DataOptions
from trainer.errors import TrainerError
from trainer.options import Size

Box = tuple[int, int, int, int]  # left, top, right, bottom in pixels


@dataclass(frozen=True, slots=True)
class Placement:
    """How a picture reaches its bucket: it is resized to `resized`, then cropped to `crop` of that.

    All sizes are (width, height) in pixels; `crop` is exactly as large as `bucket`.
    """

    bucket: Size
    resized: Size
    crop: Box

    @property
    def crop_loss(self) -> float:
        """The share of the picture that is cropped away: 1 - bucket / resized, of their areas."""
        return 1 - self.bucket[0] * self.bucket[1] / (self.resized[0] * self.resized[1])


@dataclass(frozen=True, slots=True)
class BucketRule:
    """What decides the bucket of a picture; `enabled` False means one bucket, the resolution.

    `choice` is one of bucket_choice.
    """

    resolution: Size = (512, 512)
    min_reso: int = 256
    max_reso: int = 1024
    step: int = 64
    no_upscale: bool = False
    enabled: bool = True
    choice: str = SD_SCRIPTS

    @classmethod
    def of(cls, options: DataOptions) -> BucketRule:
        """The rule that a run's options describe."""
        return cls(
            resolution=options.resolution,
            min_reso=options.min_bucket_reso,
            max_reso=options.max_bucket_reso,
            step=options.bucket_reso_steps,
            no_upscale=options.bucket_no_upscale,
            enabled=options.enable_bucket,
            choice=options.bucket_choice,
        )


def bucket_resolutions(
    resolution: Size, min_reso: int = 256, max_reso: int = 1024, step: int = 64
) -> list[Size]:
    """All buckets (width, height) of at most the area of `resolution`, sorted.

    The limits are rounded outwards to the step. Raises TrainerError when they exclude `resolution`.
    """
    low, high = min_reso // step * step, -(-max_reso // step) * step
    if not 0 < low <= min(resolution) or max(resolution) > high:
        raise TrainerError(
            f"Buckets from {min_reso} to {max_reso} pixels in steps of {step} leave no room for "
            f"the resolution {resolution[0]}x{resolution[1]}.",
            "Both of its sides must lie between the two limits.",
        )
    area = resolution[0] * resolution[1]
    square = int(math.sqrt(area) // step) * step
    found = {(square, square)}
    for width in range(low, high + 1, step):
        height = min(high, area // width // step * step)
        if height >= low:
            found |= {(width, height), (height, width)}
    return sorted(found)


# Thousands of pictures share few sizes, and each is asked about again while its owner edits.
@lru_cache(maxsize=16_384)
def choose_bucket(size: Size, rule: BucketRule) -> Placement:
    """The bucket of an upright picture of `size` (width, height), and how it gets there.

    With upscaling: the bucket with the nearest width / height, the first one on a tie (or the one
    of least crop, see `_least_cropping`); the picture is scaled to cover it. Without: see
    `_unscaled`. What is left over is cropped off both ends.
    Raises TrainerError when the rule has no buckets.
    """
    if rule.enabled and rule.no_upscale:
        bucket, resized = _unscaled(size, rule)
    else:
        nearest = _least_cropping if rule.choice == LEAST_CROP else _nearest
        bucket = nearest(size, _listed(rule))
        resized = covering(size, bucket)
    left, top = (resized[0] - bucket[0]) // 2, (resized[1] - bucket[1]) // 2
    return placed(bucket, resized, left, top)


def placed(bucket: Size, resized: Size, left: int, top: int) -> Placement:
    """The placement whose crop begins at `left` and `top` of the resized picture."""
    return Placement(bucket, resized, (left, top, left + bucket[0], top + bucket[1]))


@dataclass(frozen=True, slots=True)
class _Buckets:
    """All buckets, and the first of each ratio with its place among them, by ratio."""

    listed: frozenset[Size]
    ratios: tuple[float, ...]
    firsts: tuple[tuple[int, Size], ...]


@lru_cache(maxsize=64)
def _listed(rule: BucketRule) -> _Buckets:
    found = [rule.resolution]
    if rule.enabled:
        found = bucket_resolutions(rule.resolution, rule.min_reso, rule.max_reso, rule.step)
    firsts: dict[float, tuple[int, Size]] = {}
    for place, bucket in enumerate(found):
        firsts.setdefault(bucket[0] / bucket[1], (place, bucket))
    ratios = tuple(sorted(firsts))
    return _Buckets(frozenset(found), ratios, tuple(firsts[ratio] for ratio in ratios))


def _nearest(size: Size, buckets: _Buckets) -> Size:
    if size in buckets.listed:
        return size
    ratio = size[0] / size[1]
    above = bisect_left(buckets.ratios, ratio)
    near = range(max(0, above - 1), min(above + 1, len(buckets.ratios)))
    return min((abs(buckets.ratios[at] - ratio), *buckets.firsts[at]) for at in near)[2]


def _least_cropping(size: Size, buckets: _Buckets) -> Size:
    """The bucket that cuts off the smallest share, the largest of several, the first on a tie.

    Scaled to cover a bucket of ratio b, a picture of ratio r loses 1 - exp(-|log b - log r|).
    """
    ratio = size[0] / size[1]

    def loss(bucket: Size) -> tuple[float, int, Size]:
        return abs(math.log(bucket[0] / bucket[1] / ratio)), -bucket[0] * bucket[1], bucket

    return min(buckets.listed, key=loss)


def covering(size: Size, bucket: Size) -> Size:
    """The size to which a picture is scaled so that it just covers its bucket."""
    wider = size[0] / size[1] > bucket[0] / bucket[1]
    scale = bucket[1] / size[1] if wider else bucket[0] / size[0]
    return int(size[0] * scale + 0.5), int(size[1] * scale + 0.5)


def _unscaled(size: Size, rule: BucketRule) -> tuple[Size, Size]:
    """(bucket, resized) without enlarging: only what exceeds the area of the resolution shrinks.

    Each side of the bucket is the resized side rounded down to the step. A picture thinner than
    one step, for which sd-scripts divides by zero, is enlarged until its thin side fills one.
    """
    step, area = rule.step, rule.resolution[0] * rule.resolution[1]
    resized = size if size[0] * size[1] <= area else _shrunk(size, area, step)
    if min(resized) < step:
        return _thin(size, area, step)
    return (resized[0] // step * step, resized[1] // step * step), resized


def _shrunk(size: Size, area: int, step: int) -> Size:
    """The size of the given area whose width, or else height, is a multiple of the step.

    (0, 0) when a side would be less than one step.
    """
    ratio = size[0] / size[1]
    exact_width = math.sqrt(area * ratio)
    width, height = _floored(exact_width, step), _floored(area / exact_width, step)
    height_of_width, width_of_height = _floored(width / ratio, step), _floored(height * ratio, step)
    if not (width and height and height_of_width and width_of_height):
        return 0, 0
    by_width = abs(width / height_of_width - ratio)
    by_height = abs(width_of_height / height - ratio)
    if by_width < by_height:
        return width, int(width / ratio + 0.5)
    return int(height * ratio + 0.5), height


def _thin(size: Size, area: int, step: int) -> tuple[Size, Size]:
    longest = max(step, area // step // step * step)
    scale = step / min(size)
    sides = [min(longest, max(step, int(side * scale + 0.5) // step * step)) for side in size]
    bucket = sides[0], sides[1]
    return bucket, covering(size, bucket)


def _floored(length: float, step: int) -> int:
    return int(length + 0.5) // step * step
