"""Which pictures are held out of the training, to be measured on only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from trainer.draws import generator, shuffled
from trainer.errors import TrainerError

if TYPE_CHECKING:
    from trainer.config import RunConfig
    from trainer.dataset import Dataset, Item


def hold_out(
    groups: Sequence[Sequence[Item]], config: RunConfig
) -> tuple[list[list[Item]], list[str]]:
    """The pictures to train on with validation_split of each folder's at 0 repeats, and notes.

    Raises TrainerError when no picture would be held out, or none be left to train on.
    """
    if not config.validation_split or not any(groups):
        return [list(group) for group in groups], []
    seed = validation_seed(config)
    folders: dict[Path, list[Path]] = {}
    for item in chain.from_iterable(groups):
        folders.setdefault(item.subset.image_dir, []).append(item.path)
    chosen: set[Path] = set()
    for folder, pictures in folders.items():
        count = round(len(pictures) * config.validation_split)
        chosen |= set(shuffled(pictures, generator("held out", seed, folder.name))[:count])
    if not chosen or len(chosen) == sum(map(len, folders.values())):
        raise TrainerError(
            f"With a validation_split of {config.validation_split:g} "
            f"{'every picture' if chosen else 'no picture'} would be held out.",
            f"{'Lower' if chosen else 'Raise'} validation_split, or set it to 0.",
        )
    kept = [
        [replace(it, repeats=0) if it.path in chosen else it for it in group] for group in groups
    ]
    held = "1 picture is" if len(chosen) == 1 else f"{len(chosen)} pictures are"
    return kept, [f"{held} held out of the training, to be measured on."]


def validation_seed(config: RunConfig) -> int:
    """The seed of what is held out and of the noise that it is measured with."""
    return config.seed if config.validation_seed is None else config.validation_seed


def held_out(dataset: Dataset) -> list[int]:
    """The positions of the pictures that are held out."""
    return [at for at, item in enumerate(dataset.items) if not item.repeats and not item.is_reg]
