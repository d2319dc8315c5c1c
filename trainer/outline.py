"""What a run will be: its batches, its learning rates, what it leaves out; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from trainer.config import RunConfig
from trainer.dataset import Dataset
from trainer.held_out import held_out
from trainer.learning_options import learning_rates
from trainer.options import Size
from trainer.order import Batch, BatchPlan
from trainer.run_counts import RunCounts, count_run
from trainer.schedules import schedule_notes, schedule_of

_POINTS = 240  # of the schedule that are told at most


@dataclass(frozen=True, slots=True)
class BucketRow:
    """One bucket in the first epoch: pictures, showings with repeats, batches.

    `partial` is how many of the batches are smaller than the others.
    """

    size: Size
    pictures: int
    showings: int
    batches: int
    partial: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline(RunCounts):
    """The counts of a run and what they come from.

    `repeats`: {how often an epoch shows a picture: how many pictures}, `held_out` are measured on
    and never trained. `rates` are the learning rates of UNet and text encoder; `schedule` is what
    they are multiplied by at some steps, counted from 1.
    """

    batch_size: int
    batches_per_epoch: int
    partial_batches: int
    accumulation: int
    buckets: tuple[BucketRow, ...]
    repeats: dict[int, int]
    held_out: int
    rates: tuple[float, float]
    schedule: tuple[tuple[int, float], ...]
    notes: tuple[str, ...]


def outline(config: RunConfig, dataset: Dataset) -> Outline:
    """A run as its batch plan has it; reads nothing."""
    counts = count_run(config, dataset)
    plan = dataset.plan(config)
    batches = first_epoch(plan)
    rows = _bucket_rows(batches, dataset.batch_size)
    return Outline(
        **asdict(counts),
        batch_size=dataset.batch_size,
        batches_per_epoch=len(batches),
        partial_batches=sum(row.partial for row in rows),
        accumulation=config.gradient_accumulation_steps,
        buckets=rows,
        repeats=dict(sorted(Counter(dataset.repeats).items())),
        held_out=len(held_out(dataset)),
        rates=learning_rates(config),
        schedule=schedule_points(config, counts.steps),
        notes=(*dataset.notes, *schedule_notes(config, counts.steps)),
    )


def first_epoch(plan: BatchPlan) -> list[Batch]:
    """All batches of the first epoch, in order."""
    return [batch for step in range(plan.steps_per_epoch) for batch in plan.batches(step)]


def largest_batch(plan: BatchPlan) -> Batch:
    """The batch with the most pixels in the first epoch; of equal ones the first."""
    return max(
        first_epoch(plan),
        key=lambda one: (len(one.items) * one.bucket[0] * one.bucket[1], -one.number),
    )


def schedule_points(config: RunConfig, steps: int) -> tuple[tuple[int, float], ...]:
    """(step from 1, share of the learning rates), evenly over a run, its ends among them."""
    share = schedule_of(config, steps)
    count = min(_POINTS, steps)
    chosen = [at * (steps - 1) // max(1, count - 1) for at in range(count)]
    return tuple((step + 1, share(step)) for step in chosen)


def _bucket_rows(batches: Sequence[Batch], full: int) -> tuple[BucketRow, ...]:
    """The fullest bucket first."""
    rows = []
    for size in {batch.bucket for batch in batches}:
        mine = [batch for batch in batches if batch.bucket == size]
        pictures = {item for batch in mine for item in batch.items}
        showings = sum(len(batch.items) for batch in mine)
        partial = sum(len(batch.items) < full for batch in mine)
        rows.append(BucketRow(size, len(pictures), showings, len(mine), partial))
    return tuple(sorted(rows, key=lambda row: (-row.showings, row.size)))
