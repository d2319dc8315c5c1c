"""`python -m trainer plan run.toml`: what a run will be, before a single weight is loaded."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from trainer.base_kinds import TITLES
from trainer.config import RunConfig, load_run, parse_assignments, parse_options
from trainer.curves import as_text, save_curve
from trainer.dataset import Dataset, read_dataset
from trainer.errors import TrainerError
from trainer.forecast import Base, Forecast, base_of, forecast, step_kind
from trainer.measured import keep
from trainer.outline import Outline, outline
from trainer.perform import EXIT_DONE, EXIT_USER
from trainer.rules import conflicts, require_complete

_TERMINAL = "-"
_GB, _MINUTE = 1e9, 60


def main(arguments: Sequence[str]) -> int:
    """Print the plan of a run file. Raises TrainerError for what keeps it from being planned.

    With conflicts between options these are all that is told, and the exit code is EXIT_USER.
    """
    wanted = _parser().parse_args(arguments)
    config = _config(wanted.run_file, wanted.set)
    found = list(conflicts(config))
    if found:
        _tell_conflicts(found, as_json=wanted.json)
        return EXIT_USER
    require_complete(config)
    dataset = read_dataset(config)
    together = replace(dataset, batch_size=dataset.batch_size * wanted.processes)
    planned, base = outline(config, together), base_of(config)
    compute = _compute(config, dataset, base)
    if wanted.dry_step:
        _dry_step(config, dataset, base, compute)
    foreseen = forecast(config, dataset, planned, base, compute)
    if wanted.json:
        sys.stdout.write(json.dumps(as_json(planned, base, foreseen)) + "\n")
    else:
        sys.stdout.writelines(f"{line}\n" for line in as_words(planned, base, foreseen))
    _plot(wanted.plot, config, planned, to_terminal=not wanted.json)
    return EXIT_DONE


def as_json(planned: Outline, base: Base, foreseen: Forecast) -> dict[str, Any]:
    """The plan as one object; sizes are [width, height], memory is in bytes, times in seconds."""
    unet, text_encoder = planned.rates
    step = foreseen.step
    return {
        "conflicts": [],
        **asdict(planned),
        "rates": {"unet": unet, "text_encoder": text_encoder},
        "base": {"name": base.name, "family": base.family},
        "weights": asdict(base.sizes) if base.sizes else None,
        "device": foreseen.device,
        "precision": foreseen.precision,
        "memory": foreseen.memory or None,
        "measured": asdict(step) if step else None,
        "seconds": foreseen.seconds,
    }


def as_words(planned: Outline, base: Base, foreseen: Forecast) -> Iterator[str]:
    """The plan in lines for people."""
    yield from _batch_words(planned)
    unet, text = planned.rates
    yield f"Learning rates: UNet {unet:g}, text encoder {text:g}."
    yield f"Base model: {base.name} ({TITLES.get(base.family, 'seen when it is loaded')})."
    yield f"Trains on: {foreseen.device}, precision {foreseen.precision}."
    yield from _memory_words(foreseen)
    yield from _time_words(foreseen)
    yield from planned.notes


def _batch_words(planned: Outline) -> Iterator[str]:
    reg = f", and {planned.reg_images} for regularization" if planned.reg_images else ""
    held = f"; {planned.held_out} of them held out to measure on" if planned.held_out else ""
    yield f"{planned.images} pictures{reg}{held}; an epoch shows {planned.showings} with repeats."
    repeats = ", ".join(f"{count} x {times}" for times, count in planned.repeats.items())
    yield f"Repeats: {repeats} (pictures x repeats)."
    yield (
        f"{planned.steps} steps in {planned.epochs} epochs of {planned.steps_per_epoch} steps: "
        f"{planned.batches_per_epoch} batches of {planned.batch_size}, "
        f"{planned.accumulation} a step; {planned.partial_batches} are smaller."
    )
    for row in planned.buckets:
        width, height = row.size
        partial = f", {row.partial} smaller" if row.partial else ""
        yield (
            f"  {width}x{height}: {row.pictures} pictures, {row.showings} showings, "
            f"{row.batches} batches{partial}"
        )


def _memory_words(foreseen: Forecast) -> Iterator[str]:
    if foreseen.step and foreseen.step.peak:
        yield f"Memory: {foreseen.step.peak / _GB:.1f} GB, as measured here in a dry step."
    elif foreseen.memory:
        parts = ", ".join(
            f"{name} {size / _GB:.1f}" for name, size in foreseen.memory.items() if name != "all"
        )
        yield (
            f"Memory: about {foreseen.memory['all'] / _GB:.1f} GB by formula ({parts}); "
            "--dry-step measures it."
        )
    else:
        yield "Memory: no estimate for this base model; --dry-step measures it."


def _time_words(foreseen: Forecast) -> Iterator[str]:
    step = foreseen.step
    if step is None or foreseen.seconds is None:
        yield "Time: no step was measured on this machine yet; --dry-step does."
        return
    how = "as measured here" if step.exact else "scaled from a step of another size measured here"
    yield (
        f"Time: about {foreseen.seconds / _MINUTE:.1f} minutes, {step.seconds:.2f} seconds for the "
        f"largest step, {how}; encoding and samples come on top."
    )


def _tell_conflicts(found: Sequence[TrainerError], *, as_json: bool) -> None:
    if as_json:
        rows = [{"message": one.message, "hint": one.hint} for one in found]
        sys.stdout.write(json.dumps({"conflicts": rows}) + "\n")
        return
    for one in found:
        print(f"{one.message} {one.hint}".strip(), file=sys.stderr)


def _config(run_file: Path, assignments: Sequence[str]) -> RunConfig:
    config = load_run(run_file, checked=False)
    return parse_options(parse_assignments(assignments), config, checked=False)


def _compute(config: RunConfig, dataset: Dataset, base: Base) -> tuple[str, str]:
    """(the device in words, the precision) that the run would choose.

    Raises TrainerError for what the run could not begin with.
    """
    from trainer.assemble import check_buckets, check_start, chosen_compute  # loads torch
    from trainer.families import FAMILIES

    compute = chosen_compute(config)
    check_start(config, dataset, compute.device)
    if base.family in FAMILIES:
        check_buckets(dataset, FAMILIES[base.family])
    return (
        compute.device.type if compute.device.type == "cpu" else compute.label(),
        compute.precision,
    )


def _dry_step(config: RunConfig, dataset: Dataset, base: Base, compute: tuple[str, str]) -> None:
    from trainer.dry_step import dry_step

    keep(step_kind(config, base, *compute), dry_step(config, dataset))


def _plot(target: str | None, config: RunConfig, planned: Outline, *, to_terminal: bool) -> None:
    highest = max(planned.rates)
    if target == _TERMINAL:
        if to_terminal:
            sys.stdout.writelines(f"{line}\n" for line in as_text(planned.schedule, highest))
    elif target is not None:
        title = f"Learning rate, {config.lr_scheduler}"
        save_curve(Path(target), planned.schedule, highest, title)


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is no number of processes, 1 or more")
    return int(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m trainer plan",
        description="Steps, batches, learning rates, memory and time of a run; loads no weights.",
    )
    parser.add_argument("run_file", type=Path, help="a TOML file of options")
    parser.add_argument(
        "--set", action="append", default=[], metavar="OPTION=VALUE", help="replaces an option"
    )
    parser.add_argument("--json", action="store_true", help="one object, for programs")
    parser.add_argument(
        "--processes",
        type=_count,
        default=1,
        metavar="N",
        help="as torchrun will start; each takes a batch of its own, memory is that of one",
    )
    parser.add_argument(
        "--plot",
        nargs="?",
        const=_TERMINAL,
        metavar="FILE",
        help="the learning rate over the run: here, or in a .svg or .png file",
    )
    parser.add_argument(
        "--dry-step",
        action="store_true",
        help="trains the largest step once, to know its time and memory; keeps nothing else",
    )
    return parser
