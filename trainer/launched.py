"""Which of several processes this one is, as torchrun tells each in its environment; no torch."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from trainer.errors import TrainerError

_NAMES = ("RANK", "WORLD_SIZE", "LOCAL_RANK", "LOCAL_WORLD_SIZE")
_MEETING = ("MASTER_ADDR", "MASTER_PORT")


@dataclass(frozen=True, slots=True)
class Launched:
    """Process `number` of `count`, from 0; `here` of the `beside` ones on this machine."""

    number: int = 0
    count: int = 1
    here: int = 0
    beside: int = 1

    @property
    def leads(self) -> bool:
        """Whether it is the one that writes files, draws samples and tells events."""
        return self.number == 0


def launched(environment: Mapping[str, str] = os.environ) -> Launched:
    """What torchrun said; without it, or with one process, a process by itself.

    Raises TrainerError where the environment speaks of several processes but not of how they meet.
    """
    if environment.get("WORLD_SIZE", "1") in ("", "1"):
        return Launched()
    try:
        found = Launched(*(int(environment[name]) for name in _NAMES))
    except (KeyError, ValueError):
        found = Launched()
    if found.count < 2 or any(name not in environment for name in _MEETING):
        raise TrainerError(
            f"WORLD_SIZE is {environment['WORLD_SIZE']}, but nothing says how the processes meet.",
            "Start them with: torchrun --nproc_per_node 2 -m trainer run.toml",
        )
    return found
