"""Groups of pictures on show: where each begins, and what stands above it."""

from __future__ import annotations

from array import array
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Section:
    """`count` pictures from row `first` on; without a title there is no heading."""

    title: str
    first: int
    count: int


@dataclass(frozen=True, slots=True)
class Grouped:
    """Image ids group after group, and the groups."""

    ids: array[int]
    sections: tuple[Section, ...]
