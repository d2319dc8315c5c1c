"""The checkpoints of a project: what each says of itself, and what its run told about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from os import stat_result
from pathlib import Path

from curator.core.run_history import RunStory, newest_first, read_story
from curator.core.view import ProjectView
from trainer.errors import TrainerError
from trainer.headers import read_header

SUFFIX = ".safetensors"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A saved network; `epoch` and `step` are 0 where nobody knows them.

    `loss` is the mean of its steps since the checkpoint before. `created`: seconds since 1970, UTC.
    `samples` are the pictures that were drawn with it.
    """

    path: Path
    run: str
    epoch: int
    step: int
    loss: float | None
    validation_loss: float | None
    size_bytes: int
    created: float
    samples: tuple[Path, ...]


def list_checkpoints(project: ProjectView) -> list[Checkpoint]:
    """All checkpoints, those of the newest run first, and of each run the furthest first."""
    ranks = {folder.name: -rank for rank, folder in enumerate(newest_first(project), 1)}
    folders = _folders(project.checkpoints_dir)
    found = [one for folder in folders for one in _of_run(project, folder)]
    oldest = -len(ranks) - 1  # runs whose folder is gone come last

    def order(one: Checkpoint) -> tuple[int, str, int, float]:
        return ranks.get(one.run, oldest), one.run, one.step, one.created

    return sorted(found, key=order, reverse=True)


def _folders(root: Path) -> Iterator[Path]:
    return (path for path in root.iterdir() if path.is_dir()) if root.is_dir() else iter(())


def _of_run(project: ProjectView, folder: Path) -> Iterator[Checkpoint]:
    story = read_story(project.runs_dir / folder.name)
    for path in folder.glob(f"*{SUFFIX}"):
        with suppress(OSError):  # it may be deleted while this looks
            yield _checkpoint(path, path.stat(), story, project.samples_dir / folder.name)


def _checkpoint(path: Path, facts: stat_result, story: RunStory, samples_dir: Path) -> Checkpoint:
    saved = story.saved.get(path.name)
    epoch, step = (saved.epoch, saved.step) if saved else _told_by_itself(path)
    samples = [samples_dir / name for name in story.samples.get(step, ())] if saved else []
    return Checkpoint(
        path=path,
        run=path.parent.name,
        epoch=epoch,
        step=step,
        loss=saved.loss if saved else None,
        validation_loss=story.validated.get(step) if saved else None,
        size_bytes=facts.st_size,
        created=facts.st_mtime,
        samples=tuple(sample for sample in samples if sample.is_file()),
    )


def _told_by_itself(path: Path) -> tuple[int, int]:
    """(epoch, step) from the metadata of a file of which no event tells."""
    try:
        metadata = read_header(path).metadata
    except TrainerError:
        return 0, 0
    return _number(metadata, "ss_epoch"), _number(metadata, "ss_steps")


def _number(metadata: Mapping[str, str], name: str) -> int:
    text = metadata.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0
