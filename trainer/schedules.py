"""Learning-rate schedules: the share of the rate that applies at a step, as pure functions."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trainer.config import RunConfig

_TIMESCALE = 10_000  # of inverse_sqrt where there is no warm-up, as in transformers


@dataclass(frozen=True, slots=True)
class Course:
    """What shapes a schedule, in steps; names and meanings are those of the options.

    `least` is the share at which falling schedules end, `decay` how many steps the last fall of
    warmup_stable_decay takes, `timescale` that of inverse_sqrt.
    """

    total: int
    warmup: int = 0
    decay: int = 0
    cycles: int = 1
    power: float = 1.0
    least: float = 0.0
    timescale: int = _TIMESCALE
    gamma: float = 0.9
    multiplier: float = 1.0
    d: float = 0.9


Share = Callable[[int, Course], float]  # steps count from 0


def schedule_of(config: RunConfig, steps: int) -> Callable[[int], float]:
    """The share of the rate at each step, from 0, of a run of so many steps."""
    course = Course(
        total=steps,
        warmup=_in_steps(config.lr_warmup_steps, steps),
        decay=_in_steps(config.lr_decay_steps, steps),
        cycles=config.lr_scheduler_num_cycles,
        power=config.lr_scheduler_power,
        least=config.lr_scheduler_min_lr_ratio,
        timescale=config.lr_scheduler_timescale
        or _in_steps(config.lr_warmup_steps, steps)
        or _TIMESCALE,
        gamma=config.lr_scheduler_gamma,
        multiplier=config.lr_scheduler_cycle_multiplier,
        d=config.lr_scheduler_d,
    )
    share = SCHEDULES[config.lr_scheduler]
    return lambda step: share(step, course)


def schedule_notes(config: RunConfig, steps: int) -> tuple[str, ...]:
    """What the owner of a run of so many steps should know of its schedule."""
    warmup = _in_steps(config.lr_warmup_steps, steps)
    if warmup < steps:
        return ()
    return (
        f"The warm-up takes {warmup:,} steps and the run has {steps:,}, so the whole learning rate "
        "is never reached.",
    )


def _in_steps(share: float, total: int) -> int:
    """Steps; below 1 it is a share of `total` and rounded down."""
    return int(share * total) if 0 < share < 1 else int(share)


def constant(step: int, course: Course) -> float:
    """The whole rate, after a linear rise from 0 during the warm-up."""
    return step / course.warmup if step < course.warmup else 1.0


def _falling(curve: Callable[[float, Course], float], step: int, course: Course) -> float:
    """After the warm-up, least + (1 - least) curve(p), with p the share that is done."""
    if step < course.warmup:
        return constant(step, course)
    done = (step - course.warmup) / max(1, course.total - course.warmup)
    return course.least + (1 - course.least) * curve(min(1.0, done), course)


def line(done: float, course: Course) -> float:
    """1 - p."""
    return 1 - done


def cosine(done: float, course: Course) -> float:
    """(1 + cos(pi p)) / 2."""
    return (1 + math.cos(math.pi * done)) / 2


def waves(done: float, course: Course) -> float:
    """(1 + cos(pi n p)) / 2: n halves of a wave (transformers, with sd-scripts' n / 2 waves)."""
    return (1 + math.cos(math.pi * course.cycles * done)) / 2


def restarts(done: float, course: Course) -> float:
    """(1 + cos(pi (n p mod 1))) / 2 with n cycles, 0 at the end (transformers)."""
    return 0.0 if done >= 1 else cosine(course.cycles * done % 1, course)


def polynomial(done: float, course: Course) -> float:
    """(1 - p)^power."""
    return float((1 - done) ** course.power)


def rex(done: float, course: Course) -> float:
    """(1 - p) / ((1 - d) + d (1 - p)).

    Chen et al. 2021, "REX: Revisiting Budgeted Training with an Improved Schedule", with d = 1/2.
    """
    return (1 - done) / ((1 - course.d) + course.d * (1 - done))


def inverse_sqrt(step: int, course: Course) -> float:
    """After the warm-up, 1 / sqrt((step + s) / timescale) with s = timescale - warm-up."""
    if step < course.warmup:
        return constant(step, course)
    return 1 / math.sqrt((step - course.warmup) / course.timescale + 1)


def warmup_stable_decay(step: int, course: Course) -> float:
    """A rise from `least`, the whole rate, and at the end a fall to `least` in waves.

    transformers' get_wsd_schedule with a linear warm-up, called as sd-scripts does.
    """
    stable = course.total - course.decay
    if step < course.warmup:
        share = step / course.warmup
    elif step < stable:
        share = 1.0
    else:
        share = waves(min(1.0, (step - stable) / max(1, course.decay)), course)
    return course.least + (1 - course.least) * share


def _in_cycles(curve: Callable[[float, Course], float], step: int, course: Course) -> float:
    """least + (gamma^cycle - least) * (a rise from 0, then curve(p)) within each cycle.

    Cycles last total // n steps with (warm-up // n) of warm-up in them; each falls `multiplier`
    times as long as the one before (LoRA_Easy, CosineAnnealingWarmRestarts and Rex...).
    """
    warmup = course.warmup // course.cycles
    length = max(warmup + 1, course.total // course.cycles)
    cycle = 0
    while step >= length:
        step -= length
        cycle += 1
        length = max(1, round((length - warmup) * course.multiplier)) + warmup
    highest = course.gamma**cycle
    if highest <= course.least:
        return course.least
    share = step / warmup if step < warmup else curve((step - warmup) / (length - warmup), course)
    return course.least + (highest - course.least) * share


SCHEDULES: Mapping[str, Share] = {
    "constant": constant,
    "constant_with_warmup": constant,
    "linear": partial(_falling, line),
    "cosine": partial(_falling, cosine),
    "cosine_with_restarts": partial(_falling, restarts),
    "polynomial": partial(_falling, polynomial),
    "cosine_with_min_lr": partial(_falling, waves),
    "warmup_stable_decay": warmup_stable_decay,
    "inverse_sqrt": inverse_sqrt,
    "annealed_cosine": partial(_in_cycles, cosine),
    "rex": partial(_in_cycles, rex),
}
