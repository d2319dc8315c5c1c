"""How long the trainer's eye takes after a switch of resolution: 10,000 pictures of as many sizes.

Run: python bench/buckets.py. Each row is the median over switches between SD 1.5, SD 2.1 and SDXL,
nothing known of the new rule, and the ratio to the bare loop: the trainer's own choice of a bucket
for each size.
"""

from __future__ import annotations

import itertools
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from projects import filled

from curator.core.bucket_overview import Trial, read_overview
from curator.core.few_buckets import best_few
from curator.core.project import Project
from curator.core.training_fit import fit_of
from curator.core.training_rule import rule_of, with_resolution
from trainer.buckets import choose_bucket

ROWS = 10_000
SIDES = (512, 768, 1024)


def forget() -> None:
    for kept in (choose_bucket, fit_of):
        kept.cache_clear()


def median_s(work: Callable[[], object]) -> float:
    took = []
    for _side in SIDES:
        forget()
        started = time.perf_counter()
        work()
        took.append(time.perf_counter() - started)
    return statistics.median(took)


def main() -> None:
    with tempfile.TemporaryDirectory() as name, filled(Path(name) / "p", ROWS, 5) as project:
        measure(project)


def measure(project: Project) -> None:
    sides = itertools.cycle(SIDES)
    sizes = project.shown_sizes()

    def switch() -> None:
        project.change_settings(with_resolution(project.settings, next(sides)))

    def after_switch(work: Callable[[], object]) -> Callable[[], object]:
        return lambda: (switch(), work())

    def choose() -> None:
        rule = rule_of(project.settings)
        for size in sizes:
            choose_bucket(size, rule)

    bare_s = median_s(choose)
    rows: dict[str, Callable[[], object]] = {
        "switch alone, an edit on the disk": switch,
        "switch, filter crop_loss:>5%": after_switch(lambda: project.select("crop_loss:>5%")),
        "switch, order sort:-upscale": after_switch(lambda: project.select("sort:-upscale")),
        "switch, the bucket panel": after_switch(lambda: read_overview(project, "")),
        "the best few buckets": lambda: best_few(sizes, rule_of(project.settings)),
        "the bucket panel, a few tried": lambda: read_overview(
            project, "", Trial(rule_of(project.settings), ((512, 512), (384, 640)))
        ),
    }
    print(f"{len(sizes):,} sizes; the bare loop takes {bare_s * 1000:.0f} ms")
    for what, work in rows.items():
        took_s = median_s(work)
        print(f"{what:36} {took_s * 1000:8.1f} ms  {took_s / bare_s:6.2f} x the bare loop")


if __name__ == "__main__":
    main()
