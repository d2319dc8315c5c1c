"""The options that say which pictures are held out of the training to measure on."""

from __future__ import annotations

from dataclasses import dataclass

from trainer.options import option


@dataclass(frozen=True, kw_only=True)
class ValidationOptions:
    """Held-out pictures."""

    validation_split: float = option(
        0.0,
        "Held-out share",
        "So much of the pictures of each folder is not trained, only measured on; 0.1 is usual. "
        "Their loss rises beside that of trained pictures when the network overfits.",
        section="log",
        bounds=(0, 0.9),
    )
    validation_seed: int | None = option(
        None,
        "Held-out seed",
        "Which pictures are held out, with which noise; without it, by the seed of the run.",
        section="log",
        bounds=(0, 2**32 - 1),
    )
