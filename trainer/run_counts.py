"""How many pictures, steps and epochs a run has, from the batches that it will really train on."""

from __future__ import annotations

from dataclasses import dataclass

from trainer.config import RunConfig
from trainer.dataset import Dataset


@dataclass(frozen=True, slots=True, kw_only=True)
class RunCounts:
    """What the batches will be; `showings` counts training pictures with their repeats.

    `steps_per_epoch` counts optimizer steps, each of so many batches as are accumulated.
    """

    images: int
    reg_images: int
    showings: int
    steps_per_epoch: int
    steps: int
    epochs: int


def count_run(config: RunConfig, dataset: Dataset) -> RunCounts:
    """The batches of a run on a dataset that has pictures to train on."""
    batches = dataset.plan(config)
    steps, epochs = batches.length(config.max_train_epochs, config.max_train_steps)
    reg = sum(item.is_reg for item in dataset.items)
    return RunCounts(
        images=len(dataset.items) - reg,
        reg_images=reg,
        showings=dataset.showings(is_reg=False),
        steps_per_epoch=batches.steps_per_epoch,
        steps=steps,
        epochs=epochs,
    )
