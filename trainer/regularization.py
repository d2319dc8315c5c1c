"""How often regularization pictures are shown: as often as there are training pictures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from trainer.options import Size
from trainer.order import Pool

if TYPE_CHECKING:
    from trainer.dataset import Item


@dataclass(frozen=True, slots=True)
class Shared:
    """The regularization pictures that are used, and the pools of which an epoch shows a part."""

    items: list[Item]
    pools: list[Pool]


def share_reg(reg: Sequence[Item], wanted: int, *, first: int, exactly: bool) -> Shared:
    """Regularization pictures with `wanted` showings per epoch.

    Where there are too few, or `exactly` as in sd-scripts: see `balance_reg`. Where there are more,
    epochs take turns in them: each shows the same number from every bucket, in proportion to what
    it holds, so that all epochs have the same steps. A bucket whose share is less than half a
    picture is left out. `first` is the position of the first of them in the dataset.
    """
    total = sum(item.repeats for item in reg)
    if exactly or total <= wanted:
        return Shared(balance_reg(reg, wanted), [])
    buckets: defaultdict[Size, list[Item]] = defaultdict(list)
    for item in reg:
        buckets[item.placement.bucket].append(item)
    counts = [sum(item.repeats for item in buckets[bucket]) for bucket in sorted(buckets)]
    shown = apportion(counts, wanted)
    items: list[Item] = []
    pools = []
    for bucket, count in zip(sorted(buckets), shown, strict=True):
        if count:
            begin = first + len(items)
            items += buckets[bucket]
            pools.append(Pool(tuple(range(begin, first + len(items))), count))
    return Shared(items, pools)


def apportion(counts: Sequence[int], wanted: int) -> list[int]:
    """`wanted` split in proportion to `counts`, by the largest remainders (Hamilton's method)."""
    total = sum(counts)
    shares = [count * wanted // total for count in counts]
    rest = sorted(range(len(counts)), key=lambda at: (-(counts[at] * wanted % total), at))
    for at in rest[: wanted - sum(shares)]:
        shares[at] += 1
    return shares


def balance_reg(reg: Sequence[Item], wanted: int) -> list[Item]:
    """Regularization pictures with as many showings as there are of training pictures.

    As in sd-scripts: taken in order with their repeats until `wanted` is reached; when they do not
    suffice, each in turn gets one more repeat until it is. The others are not used.
    """
    used: list[Item] = []
    shown = 0
    for item in reg:
        if shown >= wanted:
            break
        used.append(item)
        shown += item.repeats
    if not used:
        return used
    rounds, extra = divmod(max(0, wanted - shown), len(used))
    return [
        replace(item, repeats=item.repeats + rounds + (at < extra)) for at, item in enumerate(used)
    ]
