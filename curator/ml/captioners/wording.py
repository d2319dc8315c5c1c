"""What classes of captioners have in common: how much they are asked to say, and how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from curator.core.describing import Detail


@dataclass(frozen=True, slots=True)
class CaptionerFormat:
    """How one class of captioners is asked; a prompt of "" is none. `tokens`: the most it says."""

    title: str
    prompts: Mapping[Detail, str]
    tokens: Mapping[Detail, int]
    beams: int
