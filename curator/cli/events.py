"""A training run told in words, one line per event."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Any

from curator.cli.output import progress_line, shown, tell
from curator.core.readable import count, duration
from curator.core.run_plan import Preflight
from trainer import events


class Teller:
    """Tells the parts that a training hands over, on stderr."""

    def __init__(self) -> None:
        self._total = 0
        self._notes: set[str] = set()

    def __call__(self, part: Any) -> None:
        """Tell one part; what is no part of a run is passed over, a note is told once."""
        if isinstance(part, events.Started):
            self._total = part.total_steps
        if isinstance(part, events.Note) and part.text in self._notes:
            return
        if isinstance(part, Preflight):
            self._notes.update(part.notes)
        if _is_passing(part):
            progress_line(self._words(part))
        elif words := self._words(part):
            tell(words)

    def _words(self, part: Any) -> str:
        if isinstance(part, events.Step):
            return _step(part, self._total)
        say = _WORDS.get(type(part))
        return say(part) if say else ""


def _is_passing(part: Any) -> bool:
    """Whether it belongs into a terminal's changing line; the cache is told of at its end."""
    if isinstance(part, events.Caching) and part.done < part.total:
        return True
    return isinstance(part, events.Step) and sys.stderr.isatty()


def _preflight(plan: Preflight) -> str:
    reg = f" and {count(plan.reg_images, 'regularization picture')}" if plan.reg_images else ""
    lines = [
        f"Run {shown(plan.run)}: {count(plan.images, 'picture')}{reg}, {plan.showings:,} showings"
        f" an epoch, {plan.steps_per_epoch:,} steps an epoch, {count(plan.epochs, 'epoch')},"
        f" {plan.steps:,} steps.",
        *(f"note: {shown(note)}" for note in plan.notes),
    ]
    return "\n".join(lines)


def _started(event: events.Started) -> str:
    where = f"Training on {event.device}, precision {event.precision}"
    return where + (f", from step {event.first_step:,} on." if event.first_step else ".")


def _step(event: events.Step, total: int) -> str:
    left = f", {duration(event.seconds_left)} left" if event.seconds_left is not None else ""
    of = f"/{total:,}" if total else ""
    return (
        f"epoch {event.epoch} step {event.step:,}{of} loss {event.loss:.4f}"
        f" rate {event.learning_rate:.2e}{left}"
    )


_WORDS: Mapping[type, Callable[[Any], str]] = {
    Preflight: _preflight,
    events.Started: _started,
    events.Caching: lambda event: f"latents {event.done:,}/{event.total:,}",
    events.Validated: lambda e: f"epoch {e.epoch} validation loss {e.loss:.4f}",
    events.Sampled: lambda e: f"sample of epoch {e.epoch}: {shown(str(e.path))}",
    events.Saved: lambda e: f"saved epoch {e.epoch}: {shown(str(e.path))}",
    events.StateSaved: lambda e: f"saved the state at step {e.step:,}: {shown(str(e.path))}",
    events.Paused: lambda _event: "paused",
    events.Resumed: lambda _event: "goes on",
    events.Note: lambda e: f"note: {shown(e.text)}",
    events.Stopped: lambda e: f"stopped after step {e.step:,}",
    events.Finished: lambda e: f"finished: {count(len(e.checkpoints), 'checkpoint')}",
}
