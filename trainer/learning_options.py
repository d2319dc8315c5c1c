"""The options that say how long and how fast the network learns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trainer.options import option

if TYPE_CHECKING:
    from trainer.config import RunConfig


@dataclass(frozen=True, kw_only=True)
class LearningOptions:
    """How long and how fast the network learns."""

    train_batch_size: int = option(
        1,
        "Batch size",
        "Pictures per batch; double the batch, double the learning rate.",
        section="epochs",
        bounds=(1, 1024),
    )
    gradient_accumulation_steps: int = option(
        1,
        "Batches per step",
        "So many batches are added up before the network changes, as if they were one.",
        section="epochs",
        bounds=(1, 1024),
    )
    max_train_epochs: int | None = option(
        None,
        "Epochs",
        "How often the whole dataset with its repeats is seen; wins over Steps. (Not set by the "
        "scheduler's number of cycles, as a tutorial says.)",
        section="epochs",
        bounds=(1, 100_000),
    )
    max_train_steps: int = option(
        1600,
        "Steps",
        "How many steps are trained when no epochs are given.",
        section="epochs",
        bounds=(1, 100_000_000),
    )
    seed: int = option(
        42,
        "Seed",
        "The same seed on the same machine gives the same run. (sd-scripts draws one when it is "
        "not given.)",
        section="epochs",
        bounds=(0, 2**32 - 1),
    )
    learning_rate: float = option(
        1e-4,
        "Learning rate",
        "For every part that has no rate of its own. (sd-scripts: 2e-6, which learns nearly "
        "nothing.)",
        section="lr",
        bounds=(0, 10),
    )
    unet_lr: float | None = option(
        None,
        "UNet rate",
        "Replaces the learning rate for the UNet; 0 leaves the UNet as it is.",
        section="lr",
        bounds=(0, 10),
    )
    text_encoder_lr: float | None = option(
        None,
        "Text encoder rate",
        "Replaces the learning rate for the text encoder; 0 leaves it as it is.",
        section="lr",
        bounds=(0, 10),
    )


def learning_rates(config: RunConfig) -> tuple[float, float]:
    """The rates of (UNet, text encoder): their own, else `learning_rate`; 0 when not trained."""
    unet = config.learning_rate if config.unet_lr is None else config.unet_lr
    text = config.learning_rate if config.text_encoder_lr is None else config.text_encoder_lr
    return (
        0.0 if config.network_train_text_encoder_only else unet,
        0.0 if config.network_train_unet_only else text,
    )
