"""A few buckets in place of all: those that lose least, and how pictures fit into any such set."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from curator.core.geometry import Size, covering, crop_loss
from curator.core.training_fit import Fit, Sizes
from trainer.buckets import BucketRule, bucket_resolutions
from trainer.errors import TrainerError

MOST = 5
_End = tuple[float, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class FewBuckets:
    """A small set of buckets, with the mean share that cropping every picture to one loses."""

    buckets: tuple[Size, ...]
    loss: float


def fit_among(chosen: Sequence[Size]) -> Callable[[Size], Fit]:
    """How a picture of some size fits into that of these buckets that takes least of it."""
    ratios = sorted((width / height, (width, height)) for width, height in chosen)

    def fit(size: Size) -> Fit:
        ratio = size[0] / size[1]
        at = bisect_left(ratios, (ratio, (0, 0)))
        near = ratios[max(0, at - 1) : at + 1]
        _cut, bucket = max((min(ratio / r, r / ratio), one) for r, one in near)
        resized = covering(size, bucket)
        over = resized[0] - bucket[0], resized[1] - bucket[1]
        scale = max(resized[0] / size[0], resized[1] / size[1])
        left, top = round(over[0] // 2 / scale), round(over[1] // 2 / scale)
        right, bottom = (round((o - o // 2) / scale) for o in over)
        return Fit(bucket, scale, crop_loss(resized, bucket), (left, top, right, bottom))

    return fit


def best_few(sizes: Sizes, rule: BucketRule, most: int = MOST) -> list[FewBuckets]:
    """For 1 to `most` buckets, those that lose least when each picture goes to its best one.

    Exact but for the rounding of pixels: only ratios count, and on the line of ratios each picture
    goes to a neighbour, so that the best set ending in a bucket follows from the best smaller sets
    ending in those before it. Nothing for no pictures, or where the limits leave no bucket.
    """
    buckets = _by_ratio(rule)
    if not (sizes and buckets):
        return []
    costs = _Costs(sizes, [bucket[0] / bucket[1] for bucket in buckets])
    places = range(len(buckets))
    # What is lost of all pictures up to the last bucket of a set, and that set.
    ends: list[_End] = [(costs.before(last), (last,)) for last in places]
    found = []
    for number in range(1, min(most, len(buckets)) + 1):
        if number > 1:
            ends = [_extended(ends[:last], last, costs) for last in places]
        lost, chosen = min((lost + costs.after(set_[-1]), set_) for lost, set_ in ends if set_)
        few = tuple(sorted(buckets[place] for place in chosen))
        found.append(FewBuckets(few, max(0.0, lost) / costs.pictures))
    return found


def _extended(ends: Sequence[_End], last: int, costs: _Costs) -> _End:
    """The best set of one bucket more that ends in the last one."""
    longer = ((lost + costs.between(set_[-1], last), (*set_, last)) for lost, set_ in ends if set_)
    return min(longer, default=(float("inf"), ()))


def listed(rule: BucketRule) -> list[Size]:
    """All buckets of a rule that enlarges; none where its limits leave none."""
    try:
        return bucket_resolutions(rule.resolution, rule.min_reso, rule.max_reso, rule.step)
    except TrainerError:
        return []


def _by_ratio(rule: BucketRule) -> list[Size]:
    """The buckets by ratio; of those of one ratio the largest."""
    largest = {width / height: (width, height) for width, height in listed(rule)}
    return [largest[ratio] for ratio in sorted(largest)]


class _Costs:
    """What pictures lose in buckets of these ratios, in picture areas.

    A picture of ratio r keeps r / b of itself in a wider bucket b, and b / r in a narrower one.
    """

    def __init__(self, sizes: Sizes, ratios: Sequence[float]) -> None:
        pictures = sorted((width / height, number) for (width, height), number in sizes.items())
        self._ratios, self._buckets = [ratio for ratio, _n in pictures], ratios
        self.pictures = sum(sizes.values())
        self._number = [0, *accumulate(n for _r, n in pictures)]
        self._wide = [0.0, *accumulate(r * n for r, n in pictures)]
        self._high = [0.0, *accumulate(n / r for r, n in pictures)]

    def before(self, bucket: int) -> float:
        """Of all that are narrower than a bucket, in it."""
        return self._narrower(0, self._place(self._buckets[bucket]), bucket)

    def after(self, bucket: int) -> float:
        """Of all that are wider, in it."""
        return self._wider(self._place(self._buckets[bucket]), len(self._ratios), bucket)

    def between(self, low: int, high: int) -> float:
        """Of those between two buckets, each in the nearer one."""
        first, last = self._buckets[low], self._buckets[high]
        middle = self._place((first * last) ** 0.5)
        return self._wider(self._place(first), middle, low) + self._narrower(
            middle, self._place(last), high
        )

    def _place(self, ratio: float) -> int:
        return bisect_left(self._ratios, ratio)

    def _narrower(self, start: int, end: int, bucket: int) -> float:
        kept = (self._wide[end] - self._wide[start]) / self._buckets[bucket]
        return self._number[end] - self._number[start] - kept

    def _wider(self, start: int, end: int, bucket: int) -> float:
        kept = (self._high[end] - self._high[start]) * self._buckets[bucket]
        return self._number[end] - self._number[start] - kept
