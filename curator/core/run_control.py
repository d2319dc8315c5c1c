"""A run under way as its owner holds it, in whichever thread or process it trains."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class RunVerbs(Protocol):
    """What can be asked of a run. All return at once, and do nothing once the run has ended."""

    def stop(self) -> None:
        """Save the state and a checkpoint at the next step border, then end."""

    def stop_after_epoch(self) -> None:
        """The same when the epoch under way is done."""

    def pause(self) -> None:
        """Wait at the next step border."""

    def resume(self) -> None:
        """Go on after a pause."""

    def save_now(self) -> None:
        """Save a checkpoint and the state at the next step border, also during a pause."""

    def sample_now(self) -> None:
        """Draw the sample pictures at the next step border, also during a pause."""


@dataclass(frozen=True, slots=True)
class RunStarted:
    """Handed over before a run's first event: its name, and the run to press buttons on."""

    name: str
    run: RunVerbs
