"""Chance that depends on nothing but its name, so that a resumed run draws the same as before."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


def generator(*name: object) -> random.Random:
    """A source of chance of its own for every name, such as ("caption", seed, epoch, item)."""
    return random.Random("/".join(map(str, name)))


def shuffled(items: Sequence[T], chance: random.Random) -> list[T]:
    """The items in an order by chance.

    Sorts by `random()`, the one method whose sequence Python promises never to change.
    """
    keys = [chance.random() for _ in items]
    return [items[at] for at in sorted(range(len(items)), key=keys.__getitem__)]
