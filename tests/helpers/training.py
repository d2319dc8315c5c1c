"""Pictures to train on, and an owner of runs who writes down events and can answer them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from tests.helpers.pictures import draw
from trainer.config import RunConfig
from trainer.control import Control
from trainer.events import Event

E = TypeVar("E")
Answer = Callable[[Control, Event], None]


def write_pictures(folder: Path, sizes: tuple[tuple[int, int], ...]) -> None:
    """Drawn pictures of these sizes, with captions, in a new folder."""
    folder.mkdir(parents=True)
    for number, size in enumerate(sizes):
        draw(number, size).save(folder / f"{number}.png")
        caption = f"fr3dd1e creature, hat, ground {number}"
        (folder / f"{number}.txt").write_text(caption, "utf-8")


class Owner:
    """Starts runs in this very thread; `answers` may press the run's buttons at any event."""

    def __init__(self, *answers: Answer) -> None:
        self.events: list[Event] = []
        self.control = Control()
        self._answers = answers

    def train(self, config: RunConfig) -> Owner:
        """Train to the end; what the run raises is raised."""
        from trainer.loop import train  # loads torch

        train(config, self.hear, self.control)
        return self

    def hear(self, event: Event) -> None:
        self.events.append(event)
        for answer in self._answers:
            answer(self.control, event)

    def of(self, kind: type[E]) -> list[E]:
        """The events of one kind, in order."""
        return [event for event in self.events if isinstance(event, kind)]

    def kinds(self) -> list[str]:
        """The names of all events, in order."""
        return [type(event).__name__ for event in self.events]
