"""One step of a run, really trained and thrown away, to know what all of them will take."""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import torch

from trainer.assemble import assemble
from trainer.config import RunConfig
from trainer.dataset import Dataset
from trainer.measured import Measured
from trainer.outline import largest_batch
from trainer.steps import take_step

_TIMED = 2  # steps, after a first one that makes the optimizer's memory and picks algorithms


def dry_step(config: RunConfig, dataset: Dataset) -> Measured:
    """Seconds and peak memory of a step on the largest batch of a run; nothing of it is kept.

    Pictures that must be encoded for it go into the cache of the run. Raises TrainerError.
    """
    chosen = only_its_pictures(config, dataset)
    with tempfile.TemporaryDirectory(prefix="dry-step-") as folder:
        alone = replace(
            config,
            output_dir=Path(folder),
            cache_dir=config.cache_dir or Path(folder),
            resume=None,
            sample_prompts="",
            gradient_accumulation_steps=1,
        )
        training = assemble(alone, lambda _done, _total: None, dataset=chosen)
        device = training.compute.device
        if device.type == "cuda":
            torch.cuda.reset_peak_memory_stats(device)
        times = []
        for step in range(1 + _TIMED):
            began = time.monotonic()
            float(take_step(training, step))  # waits for the device
            times.append(time.monotonic() - began)
    (batch,) = training.plan.batches(0)
    return Measured(
        batch=len(batch.items),
        width=batch.bucket[0],
        height=batch.bucket[1],
        accumulation=config.gradient_accumulation_steps,
        seconds=statistics.median(times[1:]) * config.gradient_accumulation_steps,
        peak=_peak(device),
    )


def only_its_pictures(config: RunConfig, dataset: Dataset) -> Dataset:
    """A dataset of the pictures alone that make up the batch with the most pixels."""
    batch = largest_batch(dataset.plan(config))
    items = [
        replace(dataset.items[at], repeats=count) for at, count in Counter(batch.items).items()
    ]
    return replace(dataset, items=tuple(items), pools=(), notes=())


def _peak(device: torch.device) -> int:
    """Bytes that the device held at most, or this process where it computes on the processor."""
    if device.type == "cuda":
        return torch.cuda.max_memory_reserved(device)
    if device.type != "cpu" or sys.platform == "win32":
        return 0
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024
