"""A small run of the practice model, an owner that hears its events, and runs only told of."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import TypeVar

from PIL import Image

from curator.core.view import ProjectView
from trainer.config import RunConfig, dump_run, parse_options
from trainer.events import Event, Step, to_json

E = TypeVar("E", bound=Event)
TIMEOUT_S = 120.0


def practice_run(root: Path, cache_dir: Path, **options: object) -> RunConfig:
    """A run of the practice model on three pictures: 6 steps an epoch, one thread."""
    for at in range(3):
        path = root / "img" / "2_cat" / f"{at}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (80 + 16 * at, 64), (at * 60, 90, 30)).save(path)
        path.with_suffix(".txt").write_text("cat, hat")
    small = {
        "pretrained_model_name_or_path": "practice",
        "train_data_dir": root / "img",
        "output_dir": root / "out",
        "cache_dir": cache_dir,
        "resolution": 64,
        "min_bucket_reso": 64,
        "network_dim": 2,
        "network_alpha": 1,
        "torch_threads": 1,
        "max_validation_steps": 1,
        "sample_prompts": "a cat --s 2",
    }
    return parse_options(small | options)


def tell_run(project: ProjectView, name: str, *told: Event, state: bool = False) -> Path:
    """A run as it lies on disk after these events; a second call lets it go on, as the newest."""
    folder = project.runs_dir / name
    (folder / "state").mkdir(parents=True, exist_ok=True)
    (folder / "run.toml").write_text(dump_run(RunConfig()), "utf-8")
    newest = max(path.stat().st_mtime for path in project.runs_dir.glob("*/run.toml"))
    os.utime(folder / "run.toml", (newest + 1, newest + 1))
    with (folder / "events.jsonl").open("a", encoding="utf-8") as file:
        file.writelines(to_json(event) + "\n" for event in told)
    if state:
        (folder / "state" / "state.safetensors").write_bytes(b"")
    return folder


class Owner:
    """Keeps the events in their order; `hear` is what a run emits to."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._news = threading.Condition()

    def hear(self, event: Event) -> None:
        """Take one event, from whatever thread."""
        with self._news:
            self.events.append(event)
            self._news.notify_all()

    def wait_for(self, kind: type[E], count: int = 1) -> E:
        """The event of that kind that came as number `count`; fails after two minutes."""
        with self._news:
            assert self._news.wait_for(lambda: len(self.all(kind)) >= count, TIMEOUT_S), (
                f"no {kind.__name__} number {count} in {self.events}"
            )
        return self.all(kind)[count - 1]

    def wait_for_after(self, kind: type[E], event: Event) -> E:
        """The first event of that kind that comes after another one."""
        before = self.events[: self.events.index(event)]
        return self.wait_for(kind, sum(isinstance(one, kind) for one in before) + 1)

    def all(self, kind: type[E]) -> list[E]:
        """The events of one kind."""
        return [event for event in self.events if isinstance(event, kind)]

    def after(self, event: Event) -> list[Event]:
        """What came after that event."""
        return self.events[self.events.index(event) + 1 :]

    def between(self, first: Event, last: Event) -> list[Event]:
        """What came after the first of two events, up to and with the last."""
        return self.events[self.events.index(first) + 1 : self.events.index(last) + 1]

    def steps(self) -> list[int]:
        """The numbers of the steps that were reported."""
        return [event.step for event in self.all(Step)]
