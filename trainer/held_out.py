"""Which pictures are held out of the training, to be measured on only."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from trainer.config import RunConfig
from trainer.dataset import Dataset
from trainer.draws import generator, shuffled
from trainer.errors import TrainerError


def hold_out(dataset: Dataset, config: RunConfig) -> Dataset:
    """The dataset with validation_split of each folder's pictures at 0 repeats.

    Regularization pictures are all trained. Raises TrainerError when no picture would be held out,
    or none be left to train on.
    """
    if not config.validation_split:
        return dataset
    seed = validation_seed(config)
    folders: dict[Path, list[int]] = {}
    for at, item in enumerate(dataset.items):
        if not item.is_reg:
            folders.setdefault(item.subset.image_dir, []).append(at)
    chosen: set[int] = set()
    for folder, pictures in folders.items():
        count = round(len(pictures) * config.validation_split)
        chosen |= set(shuffled(pictures, generator("held out", seed, folder.name))[:count])
    if not chosen or len(chosen) == sum(map(len, folders.values())):
        raise TrainerError(
            f"With a validation_split of {config.validation_split:g} "
            f"{'every picture' if chosen else 'no picture'} would be held out.",
            f"{'Lower' if chosen else 'Raise'} validation_split, or set it to 0.",
        )
    items = [replace(it, repeats=0) if at in chosen else it for at, it in enumerate(dataset.items)]
    note = f"{len(chosen)} pictures are held out of the training, to be measured on."
    return replace(dataset, items=tuple(items), notes=(*dataset.notes, note))


def validation_seed(config: RunConfig) -> int:
    """The seed of what is held out and of the noise that it is measured with."""
    return config.seed if config.validation_seed is None else config.validation_seed


def held_out(dataset: Dataset) -> list[int]:
    """The positions of the pictures that are held out."""
    return [at for at, item in enumerate(dataset.items) if not item.repeats and not item.is_reg]
