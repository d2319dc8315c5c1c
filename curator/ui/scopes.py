"""Which pictures something is about: those that are selected, those on show, or all of them."""

from __future__ import annotations

from enum import Enum


class Scope(Enum):
    """Which pictures are meant."""

    SELECTED = "selected"
    SHOWN = "shown"
    ALL = "all"
