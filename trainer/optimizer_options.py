"""The options of the optimizer and of how the learning rate changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trainer.options import Number, Words, option

if TYPE_CHECKING:
    from trainer.config import RunConfig

OPTIMIZER_TYPES = (
    *("AdamW", "AdamW8bit", "Lion", "Adafactor", "Prodigy", "DAdaptAdam"),
    *("AdamWScheduleFree", "ProdigyScheduleFree"),
)
ADAPTIVE = ("Prodigy", "DAdaptAdam", "ProdigyScheduleFree")  # those that find their own rate
_FIXED_RATE = ("scale_parameter=False", "relative_step=False")  # ours, of Adafactor
SCHEDULE_FREE = ("AdamWScheduleFree", "ProdigyScheduleFree")
LR_SCHEDULERS = (
    *("constant", "constant_with_warmup", "linear", "cosine", "cosine_with_restarts"),
    *("polynomial", "cosine_with_min_lr", "warmup_stable_decay", "inverse_sqrt"),
    *("annealed_cosine", "rex"),
)


@dataclass(frozen=True, kw_only=True)
class OptimizerOptions:
    """The optimizer and the schedule."""

    optimizer_type: str = option(
        "AdamW",
        "Optimizer",
        "AdamW with a rate of about 1e-4 suits nearly everything. Prodigy and DAdaptAdam find the "
        "rate themselves, with a learning rate of 1; Lion wants a third to a tenth of AdamW's.",
        section="optimizer",
        choices=OPTIMIZER_TYPES,
    )
    optimizer_args: Words = option(
        (),
        "Optimizer arguments",
        "name=value each, separated by spaces, such as weight_decay=0.1 betas=0.9,0.99. For "
        "Prodigy weight_decay=0.01 d_coef=2 use_bias_correction=True safeguard_warmup=True "
        "is usual. (Adafactor keeps to the rate unless relative_step=True.)",
        section="optimizer",
    )
    lr_scheduler: str = option(
        "constant",
        "Schedule",
        "How the learning rate changes. constant and cosine suit nearly everything; "
        "annealed_cosine and rex fall in cycles, each with its own warm-up.",
        section="sched",
        choices=LR_SCHEDULERS,
    )
    lr_warmup_steps: Number = option(
        0,
        "Warm-up",
        "The rate rises from 0 during so many steps; below 1 it is a share of all steps. The "
        "schedule constant takes none; cycles share it among them.",
        section="sched",
        bounds=(0, 100_000_000),
    )
    lr_decay_steps: Number = option(
        0,
        "Falling steps",
        "With warmup_stable_decay, the last steps in which the rate falls; below 1 a share of all "
        "steps: 0.2 is usual.",
        section="sched",
        bounds=(0, 100_000_000),
    )
    lr_scheduler_num_cycles: int = option(
        1,
        "Cycles",
        "How often cosine_with_restarts, annealed_cosine and rex begin again; 3 or 4 is usual. It "
        "does not set the number of epochs.",
        section="sched",
        bounds=(1, 10_000),
    )
    lr_scheduler_power: float = option(
        1.0,
        "Power",
        "How steeply polynomial falls: 1 is a line, 2 falls early.",
        section="sched",
        bounds=(0.01, 100),
    )
    lr_scheduler_min_lr_ratio: float = option(
        0.0,
        "Lowest rate",
        "The share of the rate at which falling schedules end; 0.01 to 0.1 is usual. (sd-scripts "
        "has it for cosine_with_min_lr and warmup_stable_decay alone.)",
        section="sched",
        bounds=(0, 1),
    )
    lr_scheduler_timescale: int | None = option(
        None,
        "Time scale",
        "With inverse_sqrt, after so many steps the rate has fallen to 0.7 of itself; without it, "
        "the warm-up, or else 10,000.",
        section="sched",
        bounds=(1, 100_000_000),
    )
    lr_scheduler_gamma: float = option(
        0.9,
        "Cycle decay",
        "Each cycle of annealed_cosine and rex begins at so much of the one before. "
        "(LoRA_Easy shows 1 minus it.)",
        section="sched",
        bounds=(0, 1),
    )
    lr_scheduler_cycle_multiplier: float = option(
        1.0,
        "Cycle growth",
        "Each cycle of annealed_cosine and rex lasts so many times as long as the one before.",
        section="sched",
        bounds=(0.1, 10),
    )
    lr_scheduler_d: float = option(
        0.9,
        "Rex curve",
        "How long rex stays high before it falls: 0 is a line, 0.9 is usual.",
        section="sched",
        bounds=(0, 0.999),
    )
    ema_decay: float = option(
        0.0,
        "Average of the network",
        "What is saved and drawn is an average over the last steps, which is calmer: 0.999 is "
        "usual, for short runs 0.99; 0 is off.",
        section="optimizer",
        bounds=(0, 0.99999),
    )
    max_grad_norm: float = option(
        1.0,
        "Gradient clipping",
        "Gradients longer than this are shortened; 0 switches it off.",
        section="optimizer",
        bounds=(0, 1000),
    )


def spelled_out(config: RunConfig) -> tuple[str, ...]:
    """The optimizer's arguments, with those that other trainers must be told to do the same."""
    words = config.optimizer_args
    named = {word.partition("=")[0].strip() for word in words}
    fixed = _FIXED_RATE if config.optimizer_type == "Adafactor" else ()
    return (*words, *(word for word in fixed if word.partition("=")[0] not in named))
