"""The options of the optimizer and of how the learning rate changes."""

from __future__ import annotations

from dataclasses import dataclass

from trainer.options import Number, Words, option


@dataclass(frozen=True, kw_only=True)
class OptimizerOptions:
    """The optimizer and the schedule."""

    optimizer_type: str = option(
        "AdamW",
        "Optimizer",
        "AdamW with a rate of about 1e-4 suits nearly everything.",
        section="optimizer",
        choices=("AdamW",),
    )
    optimizer_args: Words = option(
        (),
        "Optimizer arguments",
        "name=value each, separated by spaces, such as weight_decay=0.1 betas=0.9,0.99.",
        section="optimizer",
    )
    lr_scheduler: str = option(
        "constant",
        "Schedule",
        "How the learning rate changes: constant, constant after a warm-up, or falling like a "
        "cosine after an optional warm-up.",
        section="sched",
        choices=("constant", "constant_with_warmup", "cosine"),
    )
    lr_warmup_steps: Number = option(
        0,
        "Warm-up",
        "The rate rises from 0 during so many steps; below 1 it is a share of all steps. The "
        "schedule constant takes none.",
        section="sched",
        bounds=(0, 100_000_000),
    )
    max_grad_norm: float = option(
        1.0,
        "Gradient clipping",
        "Gradients longer than this are shortened; 0 switches it off.",
        section="optimizer",
        bounds=(0, 1000),
    )
