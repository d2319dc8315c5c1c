"""Round numbers for an axis."""

from __future__ import annotations

import math
from collections.abc import Sequence

ROUND = (1, 2, 5, 10)


def ticks(low: float, high: float, most: int) -> Sequence[float]:
    """At most `most` multiples of 1, 2 or 5 times a power of ten in [low, high], rising.

    Raises ValueError for bounds that are not finite or in no order, and for `most` below 2.
    """
    if not (math.isfinite(low) and math.isfinite(high) and low < high and most > 1):
        raise ValueError(f"no axis goes from {low} to {high} with {most} ticks")
    least = (high - low) / (most - 1)
    power = math.floor(math.log10(least))
    step = next(s for r in ROUND if (s := r * 10.0**power) >= least)
    first, last = math.ceil(low / step), math.floor(high / step)
    return [round(n * step, max(0, -power)) for n in range(first, last + 1)]
