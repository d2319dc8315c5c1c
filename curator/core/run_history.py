"""What the runs of a project left behind: how each went, its losses, and which can go on.

A run's events lie in a file that may end in the middle of a line, and may tell of one step twice,
when a run was cut off and went on from its last saved state. Paths in it may be those of a project
that lay elsewhere then, so files are looked for by their names.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from pathlib import Path, PureWindowsPath
from typing import Any

from curator.core.naming import natural_key
from curator.core.view import ProjectView
from trainer.errors import TrainerError
from trainer.events import (
    LAST_EVENTS,
    Event,
    Failed,
    Finished,
    Sampled,
    Saved,
    Started,
    StateSaved,
    Step,
    Stopped,
    Validated,
    from_json,
)

RUN_FILE, EVENTS_FILE = "run.toml", "events.jsonl"
STATE_DIR, STATE_FILE = "state", "state.safetensors"


class RunState(StrEnum):
    """How a run ended; one that is under way looks as if it were cut off."""

    FINISHED = "finished"
    STOPPED = "stopped"
    FAILED = "failed"
    CUT_OFF = "cut off"


@dataclass(frozen=True, slots=True)
class RunSummary:
    """A run in one line; `total` and `epochs` are 0 where it never got as far as to count them.

    `resumable`: it can go on, from step `resumes_at`. `why` is the reason of a failure.
    """

    name: str
    state: RunState
    epochs: int
    steps_done: int
    total: int
    resumable: bool
    resumes_at: int
    why: str = ""


@dataclass(frozen=True, slots=True)
class Curve:
    """The losses of a run by step, from 1; those of validations beside them.

    `trained` holds, at some of those steps, the loss of pictures that are not held out.
    """

    steps: array[int]
    losses: array[float]
    validated_steps: array[int]
    validated_losses: array[float]
    trained_steps: array[int] = field(default_factory=lambda: array("q"))
    trained_losses: array[float] = field(default_factory=lambda: array("d"))


@dataclass(frozen=True, slots=True)
class SavedAs:
    """When a checkpoint was saved, and the mean loss since the one before it."""

    epoch: int
    step: int
    loss: float | None


@dataclass(slots=True)
class RunStory:
    """What a run told, as if it had never been cut off; files by name, samples by step."""

    started: Started | None = None
    ended: Event | None = None
    state_step: int = 0
    losses: dict[int, float] = field(default_factory=dict)
    validated: dict[int, float] = field(default_factory=dict)
    trained: dict[int, float] = field(default_factory=dict)  # measured with `validated`
    saved: dict[str, SavedAs] = field(default_factory=dict)
    samples: dict[int, list[str]] = field(default_factory=dict)
    marks: set[int] = field(default_factory=lambda: {0})  # steps at which checkpoints were saved

    def hear(self, event: Event) -> None:
        """Take the next event."""
        self.ended = event if isinstance(event, LAST_EVENTS) else None
        if hear := _HEARD.get(type(event)):
            hear(self, event)


def _started(story: RunStory, event: Started) -> None:
    """What was told beyond the step from which a run goes on did not happen."""
    story.started = event
    story.losses = {s: it for s, it in story.losses.items() if s <= event.first_step}
    story.validated = {s: it for s, it in story.validated.items() if s <= event.first_step}
    story.trained = {s: it for s, it in story.trained.items() if s <= event.first_step}
    story.marks = {step for step in story.marks if step <= event.first_step}


def _stepped(story: RunStory, event: Step) -> None:
    story.losses[event.step] = event.loss


def _validated(story: RunStory, event: Validated) -> None:
    story.validated[event.step] = event.loss
    if event.train_loss is not None:
        story.trained[event.step] = event.train_loss


def _saved(story: RunStory, event: Saved) -> None:
    before = max(step for step in story.marks if step < max(1, event.step))
    since = [it for s, it in story.losses.items() if before < s <= event.step]
    loss = sum(since) / len(since) if since else None
    story.saved[_name(event.path)] = SavedAs(event.epoch, event.step, loss)
    story.marks.add(event.step)


def _sampled(story: RunStory, event: Sampled) -> None:
    names = story.samples.setdefault(event.step, [])
    if (name := _name(event.path)) not in names:
        names.append(name)


def _state_saved(story: RunStory, event: StateSaved) -> None:
    story.state_step = event.step


_HEARD: Mapping[type[Event], Callable[[RunStory, Any], None]] = {
    Started: _started,
    Step: _stepped,
    Validated: _validated,
    Saved: _saved,
    Sampled: _sampled,
    StateSaved: _state_saved,
}


def _name(path: Path) -> str:
    return PureWindowsPath(path).name  # knows both kinds of separators


def read_story(folder: Path) -> RunStory:
    """What the run in a folder told; nobody changes what this gives, because it is kept."""
    path = folder / EVENTS_FILE
    try:
        found = path.stat()
        return _story(path, found.st_size, found.st_mtime_ns)
    except OSError:
        return RunStory()


@lru_cache(maxsize=64)  # the window asks for all of them again after every checkpoint
def _story(path: Path, _size: int, _mtime_ns: int) -> RunStory:
    story = RunStory()
    with path.open(encoding="utf-8", errors="replace") as file:
        for line in file:
            try:
                story.hear(from_json(line))
            except TrainerError:
                story.ended = None  # it was cut off while it told this
    return story


def newest_first(project: ProjectView) -> list[Path]:
    """The folders of the project's runs; a run that went on counts from then."""
    found = [*project.runs_dir.glob(f"*/{RUN_FILE}")]
    found.sort(key=lambda it: (it.stat().st_mtime_ns, natural_key(it.parent.name)), reverse=True)
    return [path.parent for path in found]


def has_state(folder: Path) -> bool:
    """Whether a run has saved a state to go on from."""
    return (folder / STATE_DIR / STATE_FILE).is_file()


def newest_begun(project: ProjectView) -> Path | None:
    """The folder of the newest run that got anywhere; one that failed at once did not."""
    for folder in newest_first(project):
        if has_state(folder) or not isinstance(read_story(folder).ended, Failed):
            return folder
    return None


def runs(project: ProjectView) -> list[RunSummary]:
    """The project's runs, the newest first."""
    return [_summary(folder) for folder in newest_first(project)]


def resumable_run(project: ProjectView) -> RunSummary | None:
    """The run that `TrainRequest(resume=True)` would go on with; None where there is none."""
    folder = newest_begun(project)
    summary = _summary(folder) if folder else None
    return summary if summary and summary.resumable else None


def run_curve(project: ProjectView, run: str) -> Curve:
    """The losses of a run, empty where it left none."""
    story = read_story(project.runs_dir / run)
    return Curve(*_line(story.losses), *_line(story.validated), *_line(story.trained))


def _line(losses: Mapping[int, float]) -> tuple[array[int], array[float]]:
    found = sorted(losses.items())
    return array("q", (step for step, _ in found)), array("d", (loss for _, loss in found))


def _summary(folder: Path) -> RunSummary:
    story = read_story(folder)
    started, ended = story.started, story.ended
    first = started.first_step if started else 0
    saved = has_state(folder)
    return RunSummary(
        name=folder.name,
        state=_STATES.get(type(ended), RunState.CUT_OFF),
        epochs=started.epochs if started else 0,
        steps_done=max(story.losses, default=first),
        total=started.total_steps if started else 0,
        resumable=not isinstance(ended, Finished) and (saved or not isinstance(ended, Failed)),
        resumes_at=story.state_step if saved else 0,
        why=ended.message if isinstance(ended, Failed) else "",
    )


_STATES: Mapping[type[Any], RunState] = {
    Finished: RunState.FINISHED,
    Stopped: RunState.STOPPED,
    Failed: RunState.FAILED,
}
