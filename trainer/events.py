"""What a run tells its owner: one frozen dataclass per event, and their form as lines of JSON."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, get_args, get_type_hints

from trainer.errors import TrainerError


@dataclass(frozen=True, slots=True)
class Started:
    """The plan of the run, once everything is loaded; `first_step` is above 0 after a resume."""

    total_steps: int
    epochs: int
    steps_per_epoch: int
    images: int
    reg_images: int
    first_step: int
    device: str
    precision: str


@dataclass(frozen=True, slots=True)
class Caching:
    """`done` of `total` pictures are encoded or found in the cache."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Step:
    """One optimizer step is done: `step` counts from 1, `epoch` is the one it belongs to, from 1.

    `seconds_left` is None while there is no estimate.
    """

    step: int
    epoch: int
    loss: float
    learning_rate: float
    seconds_left: float | None


@dataclass(frozen=True, slots=True)
class Validated:
    """The loss on fixed pictures, noise and timesteps, comparable between epochs.

    `loss` is that of held-out pictures where there are any, and then `train_loss` that of trained
    ones: when the network overfits, the gap between them grows.
    """

    step: int
    epoch: int
    loss: float
    train_loss: float | None = None


@dataclass(frozen=True, slots=True)
class Sampled:
    """A sample picture lies at `path`."""

    path: Path
    epoch: int
    step: int


@dataclass(frozen=True, slots=True)
class Saved:
    """A checkpoint lies whole at `path`."""

    path: Path
    epoch: int
    step: int


@dataclass(frozen=True, slots=True)
class StateSaved:
    """Everything needed to resume at `step` lies whole in the folder `path`."""

    path: Path
    step: int


@dataclass(frozen=True, slots=True)
class Paused:
    """The run waits at a step border."""


@dataclass(frozen=True, slots=True)
class Resumed:
    """The run goes on after a pause."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something the owner should read that is no failure."""

    text: str


@dataclass(frozen=True, slots=True)
class Stopped:
    """The run was asked to stop, has saved, and has ended after `step`; a last event."""

    step: int


@dataclass(frozen=True, slots=True)
class Finished:
    """The run is complete; `checkpoints` in the order in which they were saved; a last event."""

    checkpoints: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Failed:
    """The run has ended early: `message` says why in a sentence; a last event.

    `details` holds the traceback or the last words of the process when it was a bug or a crash.
    """

    message: str
    hint: str = ""
    details: str = ""


Event = (
    Started
    | Caching
    | Step
    | Validated
    | Sampled
    | Saved
    | StateSaved
    | Paused
    | Resumed
    | Note
    | Stopped
    | Finished
    | Failed
)
LAST_EVENTS = (Stopped, Finished, Failed)  # exactly one of them ends every run
_BY_NAME: dict[str, type[Event]] = {kind.__name__: kind for kind in get_args(Event)}
_HINTS = {name: get_type_hints(kind) for name, kind in _BY_NAME.items()}


def to_json(event: Event) -> str:
    """One line: {"event": name, field: value, ...}; infinite and undefined numbers become text."""
    row: dict[str, Any] = {"event": type(event).__name__}
    row |= {field.name: _plain(getattr(event, field.name)) for field in fields(event)}
    return json.dumps(row, allow_nan=False)


def from_json(line: str) -> Event:
    """The inverse of `to_json`. Raises TrainerError for a line that is no event."""
    try:
        row = json.loads(line)
        kind = _BY_NAME[row.pop("event")]
        hints = _HINTS[kind.__name__]
        values: dict[str, Any] = {name: _typed(hints[name], it) for name, it in row.items()}
        return kind(**values)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise TrainerError(f"Not an event of a training run: {line.strip()[:200]!r}.") from error


def _plain(value: object) -> object:
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value


def _typed(hint: Any, value: Any) -> object:
    if hint is Path:
        return Path(value)
    if hint == tuple[Path, ...]:
        return tuple(Path(part) for part in value)
    if hint is float or (isinstance(value, str) and float in get_args(hint)):
        return float(value)
    if hint in (int, str) and not isinstance(value, hint):
        raise TypeError(f"{value!r} is no {hint.__name__}")
    return value
